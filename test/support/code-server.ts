import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { launchCodeServer, type RunningCodeServer } from '../../scripts/launch-code-server.ts';
import { provided } from './provided.ts';
import { pythonPath } from './python.ts';

export interface EditorOptions {
  /** Default true: without it the window opens in Restricted Mode. */
  readonly trusted?: boolean;
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly env?: NodeJS.ProcessEnv;
  readonly keybindings?: readonly Keybinding[];
  /** Writes further extensions into a folder. */
  readonly addExtensions?: (folder: string) => Promise<void>;
}

/** A rule of `keybindings.json`: it calls a command whether or not menus and the palette show it. */
export interface Keybinding {
  readonly key: string;
  readonly command: string;
  readonly args?: unknown;
}

/** A real VS Code with the packed extension in it, and a folder to work in; all of it is removed at the end. */
export interface Editor {
  readonly server: RunningCodeServer;
  /** The same folders served anew, at the same address; trusted as before, unless it is said. */
  restart(changed?: Pick<EditorOptions, 'trusted'>): Promise<void>;
  /** Settings of the user beside those that are there; windows that are open follow. */
  changeSettings(settings: Readonly<Record<string, unknown>>): Promise<void>;
  /** A new folder below the editor's own temporary folder. */
  newFolder(name: string): Promise<string>;
  /** Ends the server and removes everything. */
  close(): Promise<void>;
}

interface Launch extends Pick<EditorOptions, 'trusted'> {
  readonly port?: number;
}

export const openEditor = async (options: EditorOptions = {}): Promise<Editor> => {
  const root = await mkdtemp(join(tmpdir(), 'mlflow-workbench-e2e-'));
  const extensions = await extensionsFor(root, options);
  await mkdir(join(root, 'user-data', 'User'), { recursive: true });
  await writeFile(join(root, 'user-data', 'User', 'keybindings.json'), JSON.stringify(options.keybindings ?? []));
  const launch = async ({ port, trusted = options.trusted ?? true }: Launch = {}): Promise<RunningCodeServer> =>
    await launchCodeServer({
      userData: join(root, 'user-data'),
      extensions,
      trusted,
      settings: { ...testSettings, ...options.settings },
      machineSettings: { 'mlflow.pythonPath': pythonPath() },
      ...(options.env === undefined ? {} : { env: options.env }),
      ...(port === undefined ? {} : { port }),
    });
  return new TestEditor(root, launch, await launch());
};

/** The packed extension, installed once for all files; further ones need a folder of their own. */
const extensionsFor = async (root: string, { addExtensions }: EditorOptions): Promise<string> => {
  const installed = provided('MLFLOW_WORKBENCH_TEST_EXTENSIONS');
  if (addExtensions === undefined) return installed;
  const folder = join(root, 'extensions');
  await mkdir(folder);
  const names = (await readdir(installed)).filter((name) => name.startsWith('mlflow-workbench.'));
  for (const name of names) await cp(join(installed, name), join(folder, name), { recursive: true });
  await addExtensions(folder);
  return folder;
};

const testSettings = {
  'terminal.integrated.gpuAcceleration': 'off',
  'editor.hover.delay': 100,
  // Its lines would lie over the lenses that tests click.
  'editor.stickyScroll.enabled': false,
  'workbench.colorTheme': 'Dark Modern',
  'workbench.reduceMotion': 'on',
  'editor.cursorBlinking': 'solid',
};

class TestEditor implements Editor {
  readonly #root: string;
  readonly #launch: (launch: Launch) => Promise<RunningCodeServer>;
  server: RunningCodeServer;

  constructor(root: string, launch: (launch: Launch) => Promise<RunningCodeServer>, server: RunningCodeServer) {
    this.#root = root;
    this.#launch = launch;
    this.server = server;
  }

  async restart(changed: Pick<EditorOptions, 'trusted'> = {}): Promise<void> {
    await this.server.stop();
    this.server = await this.#launch({ ...changed, port: this.server.port });
  }

  async changeSettings(settings: Readonly<Record<string, unknown>>): Promise<void> {
    const file = join(this.#root, 'user-data', 'User', 'settings.json');
    const before = JSON.parse(await readFile(file, 'utf8')) as object;
    await writeFile(file, JSON.stringify({ ...before, ...settings }));
  }

  async newFolder(name: string): Promise<string> {
    const folder = join(this.#root, name);
    await mkdir(folder);
    return folder;
  }

  async close(): Promise<void> {
    await this.server.stop();
    await rm(this.#root, { recursive: true, force: true, maxRetries: 5 });
  }
}
