import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { codeServer } from './tools.ts';

export interface LaunchOptions {
  readonly userData: string;
  readonly extensions: string;
  readonly port?: number;
  /** Start without asking whether the folder is trusted. */
  readonly trusted?: boolean;
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Settings of machine scope, such as paths of programs: a window in a browser reads them elsewhere than the user's. */
  readonly machineSettings?: Readonly<Record<string, unknown>>;
  readonly env?: NodeJS.ProcessEnv;
}

export interface RunningCodeServer {
  readonly port: number;
  readonly pid: number;
  /** Address of a window that shows a folder, or what a .code-workspace file names. */
  windowUrl(path: string): string;
  /** Resolves when the server has ended, whoever ended it. */
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

/** Settings without which VS Code in a browser saves by itself, opens pages of its own or shows notices about others. */
const quietSettings = {
  'workbench.startupEditor': 'none',
  'chat.disableAIFeatures': true,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.tips.enabled': false,
  'files.autoSave': 'off',
  'remote.autoForwardPorts': false,
  'extensions.ignoreRecommendations': true,
  'extensions.autoCheckUpdates': false,
  'git.openRepositoryInParentFolders': 'never',
  'telemetry.telemetryLevel': 'off',
};

/** Ends the server with all its children when our end of its stdin closes, even if that is because we were killed. */
const leash = join(import.meta.dirname, 'leash.mjs');

const startUpLimit = 60_000;

export const launchCodeServer = async (options: LaunchOptions): Promise<RunningCodeServer> => {
  const { node, entry } = await codeServer();
  await writeSettings(options);
  await mkdir(options.extensions, { recursive: true });
  const port = options.port ?? (await freePort());
  const child = spawn(node, [leash, entry, ...serverArguments(options, port)], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    env: serverEnvironment(options.env),
  });
  const ended = once(child, 'exit').then(() => undefined);
  const pid = requirePid(child);
  const stop = async (): Promise<void> => {
    child.stdin?.end();
    await ended;
  };
  await waitUntilHealthy(port, child);
  const windowUrl = (path: string): string =>
    `http://127.0.0.1:${port}/?${path.endsWith('.code-workspace') ? 'workspace' : 'folder'}=${encodeURIComponent(path)}`;
  return { port, pid, windowUrl, ended, stop };
};

const writeSettings = async ({ userData, settings, machineSettings }: LaunchOptions): Promise<void> => {
  await writeSettingsFile(join(userData, 'User'), { ...quietSettings, ...settings });
  await writeSettingsFile(join(userData, 'Machine'), { ...machineSettings });
};

const writeSettingsFile = async (folder: string, settings: Readonly<Record<string, unknown>>): Promise<void> => {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'settings.json'), JSON.stringify(settings, undefined, 2));
};

const serverArguments = ({ userData, extensions, trusted }: LaunchOptions, port: number): readonly string[] => [
  ...['--auth', 'none', '--bind-addr', `127.0.0.1:${port}`, '--user-data-dir', userData, '--extensions-dir', extensions],
  ...['--disable-telemetry', '--disable-update-check', '--disable-getting-started-override', '--reconnection-grace-time', '8'],
  ...(trusted === true ? ['--disable-workspace-trust'] : []),
];

/** Started from a terminal inside VS Code, the server would take that window's variables for its own. */
const serverEnvironment = (extra: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv => {
  const isForeign = (name: string): boolean => /^(VSCODE_|CODE_SERVER_|ELECTRON_|VITEST|npm_)/.test(name) || name === 'NODE_OPTIONS' || name === 'NODE_ENV';
  return { ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !isForeign(name))), ...extra };
};

const requirePid = (child: ChildProcess): number => {
  if (child.pid === undefined) throw new Error('code-server could not be started');
  return child.pid;
};

const waitUntilHealthy = async (port: number, child: ChildProcess): Promise<void> => {
  const deadline = Date.now() + startUpLimit;
  while (!(await isHealthy(port))) {
    if (child.exitCode !== null) throw new Error(`code-server ended with exit code ${child.exitCode}`);
    if (Date.now() > deadline) throw new Error(`code-server did not answer on port ${port} within ${startUpLimit / 1000} s`);
    await delay(100);
  }
};

const isHealthy = async (port: number): Promise<boolean> => {
  try {
    return (await fetch(`http://127.0.0.1:${port}/healthz`)).ok;
  } catch {
    return false;
  }
};

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
};
