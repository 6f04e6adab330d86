import { mkdirSync, mkdtempSync, openSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { run, start, userEnvironment, type RunningProcess } from '../../extension/shared/process.ts';
import { findProgram } from '../../scripts/programs.ts';
import { cachedTool } from '../../scripts/tool-cache.ts';
import { execute, makeRootFileSystem, unpackPackages } from './debian-tree.ts';
import { canMount } from './mounted.ts';
import { pythonPath } from './python.ts';

export interface ContainerEngine {
  /** By which `docker` finds it, on top of this process's environment. */
  readonly variables: Readonly<Record<string, string>>;
  /** Of an image with a shell, Python and enough of mlflow to log to a SQLite file. */
  readonly image: string;
  docker(...args: readonly string[]): Promise<string>;
  stop(): Promise<void>;
}

const image = 'mlflow-workbench-test:1';

/** A real engine: the machine's own where one answers, else Debian's, unpacked, for root on Linux. Resolves with the reason where there can be none; rejects where one fails that should run. */
export const startContainerEngine = async (): Promise<ContainerEngine | string> => {
  const started = await findOrStart();
  if (typeof started === 'string') return started;
  const { variables, stop } = started;
  const docker = async (...args: readonly string[]): Promise<string> => await execute('docker', args, { env: { ...userEnvironment(), ...variables } });
  const root = await cachedTool('container-image', makeImage);
  await execute('bash', ['-c', `tar -C "$1" -c . | docker import --change 'ENV PYTHONPATH=/opt/mlflow' - ${image}`, 'bash', join(root, 'tree')], {
    env: { ...userEnvironment(), ...variables },
  });
  return { variables, image, docker, stop };
};

type StartedEngine = Pick<ContainerEngine, 'variables' | 'stop'>;

const findOrStart = async (): Promise<StartedEngine | string> => {
  if (process.platform !== 'linux' || findProgram('apt-get') === undefined) return 'its image is made of packages of a Debian';
  if (await answers(userEnvironment())) return { variables: {}, stop: async () => {} };
  if (process.getuid?.() !== 0 || !canMount) return 'no docker answers, and only a root that may mount can start one';
  return await startDaemon();
};

const answers = async (env: NodeJS.ProcessEnv): Promise<boolean> => {
  const { code } = await run({ file: 'docker', args: ['info'], env }, { timeout: 10_000 }).catch(() => ({ code: 1 }));
  return code === 0;
};

const makeImage = async (folder: string): Promise<void> => {
  const tree = join(folder, 'tree');
  await makeRootFileSystem(tree);
  const version = readlinkSync(join(tree, 'usr/bin/python3')).replace('python', '');
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--target', join(tree, 'opt/mlflow')];
  const requirements = join(import.meta.dirname, 'image-requirements.txt');
  await execute(pythonPath(), [...pip, '--python-version', version, '--only-binary=:all:', '--requirement', requirements]);
};

/** As much of a daemon as needs no network and no rights beyond root's. */
const startDaemon = async (): Promise<StartedEngine> => {
  const programs = join(await cachedTool('docker', async (folder) => await unpackPackages(['docker.io', 'containerd', 'runc', 'tini'], folder)), 'usr');
  const PATH = [join(programs, 'bin'), join(programs, 'sbin'), process.env['PATH']].join(delimiter);
  const folder = mkdtempSync(join(tmpdir(), 'engine-'));
  for (const name of ['data', 'exec']) mkdirSync(join(folder, name));
  const socket = `unix://${join(folder, 'docker.sock')}`;
  const places = ['--data-root', join(folder, 'data'), '--exec-root', join(folder, 'exec'), '--pidfile', join(folder, 'pid'), '--host', socket];
  const args = [...places, '--iptables=false', '--ip6tables=false', '--bridge=none'];
  const env = { ...userEnvironment(), PATH };
  const log = join(folder, 'log');
  const daemon = await start({ file: 'dockerd', args, env }, { streams: ['ignore', 'ignore', openSync(log, 'w')] });
  const variables = { PATH, DOCKER_HOST: socket };
  const stop = async (): Promise<void> => {
    daemon.kill('SIGTERM');
    await daemon.ended;
    rmSync(folder, { recursive: true, force: true });
  };
  if (await untilItAnswers(daemon, { ...env, ...variables })) return { variables, stop };
  throw new Error(`Debian's dockerd cannot run here: ${readFileSync(log, 'utf8').trimEnd().split('\n').at(-1)}`);
};

const untilItAnswers = async (daemon: RunningProcess, env: NodeJS.ProcessEnv): Promise<boolean> => {
  let hasEnded = false;
  void daemon.ended.then(() => (hasEnded = true));
  while (!(await answers(env))) {
    if (hasEnded) return false;
    await delay(100);
  }
  return true;
};
