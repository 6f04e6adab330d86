/** The real programs that tests and `npm start` use: a VS Code (code-server), a Python with mlflow, a Chromium. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { ensureDebianPackages } from './debian.ts';
import { findProgram, outputOf, run } from './programs.ts';
import { cachedTool } from './tool-cache.ts';

export const repository = join(import.meta.dirname, '..');

/** code-server carries VS Code itself: 4.139.1 is VS Code 1.139.1. */
const codeServerVersion = '4.139.1';
const requirements = join(repository, 'test', 'support', 'requirements.txt');

/** The program and the first argument with which code-server is started. */
export interface CodeServerProgram {
  readonly node: string;
  readonly entry: string;
}

export const codeServer = async (): Promise<CodeServerProgram> => {
  const node = await nodeWithHeaders();
  const folder = await cachedTool(`code-server-${codeServerVersion}-node-${process.versions.node}`, async (target) => {
    console.log(`Installing code-server ${codeServerVersion}, a real VS Code (about two minutes, once per user) …`);
    await ensureDebianPackages(['build-essential', 'libkrb5-dev', 'pkg-config', 'python3'], 'Building code-server');
    // Its native parts must be built for the Node that runs it, not for the one that happens to be installed.
    await npmInstall(target, `code-server@${codeServerVersion}`, { npm_config_nodedir: node.headers, PATH: `${node.bin}:${process.env['PATH']}` });
  });
  return { node: join(node.bin, 'node'), entry: join(folder, 'node_modules', 'code-server', 'out', 'node', 'entry.js') };
};

/** The npm package of the Node that runs us; unlike the one in node_modules it is complete with its C++ headers. */
const nodeWithHeaders = async (): Promise<{ readonly bin: string; readonly headers: string }> => {
  const version = process.versions.node;
  const name = `${process.platform === 'darwin' && process.arch === 'arm64' ? 'node-bin' : 'node'}-${process.platform}-${process.arch}`;
  const folder = await cachedTool(`node-${version}`, async (target) => {
    console.log(`Installing Node ${version} for code-server …`);
    await npmInstall(target, `${name}@${version}`);
  });
  const headers = join(folder, 'node_modules', name);
  return { bin: join(headers, 'bin'), headers };
};

const npmInstall = async (folder: string, specifier: string, env: NodeJS.ProcessEnv = {}): Promise<void> => {
  await writeFile(join(folder, 'package.json'), '{ "private": true }\n');
  const args = ['install', '--save-exact', '--no-audit', '--no-fund', '--loglevel=error', specifier];
  await run('npm', args, { cwd: folder, env: { ...environmentOutsideNpm(), ...env } });
};

/** Inside `npm start` the variables of that npm tell of the machine's Node, and installers would believe them. */
const environmentOutsideNpm = (): NodeJS.ProcessEnv => Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('npm_')));

/** Folder of a virtual environment with the pinned mlflow and scikit-learn. */
export const pythonEnvironment = async (): Promise<string> => {
  const python = findPython();
  const digest = createHash('sha256').update(readFileSync(requirements)).digest('hex').slice(0, 12);
  return await cachedTool(`python-${python.version}-${digest}`, async (target) => {
    console.log(`Installing mlflow and scikit-learn for Python ${python.version} (about a minute, once per user) …`);
    await run(python.program, ['-m', 'venv', target]);
    await run(pythonOf(target), ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--requirement', requirements]);
  });
};

const scriptsOf = (environment: string): string => join(environment, process.platform === 'win32' ? 'Scripts' : 'bin');
export const pythonOf = (environment: string): string => join(scriptsOf(environment), process.platform === 'win32' ? 'python.exe' : 'python');

/** Prints the version of a Python that can make virtual environments and is new enough for mlflow. */
const probe = 'import ensurepip, platform, sys; assert sys.version_info >= (3, 10); print(platform.python_version())';

const findPython = (): { readonly program: string; readonly version: string } => {
  const names = ['python3.13', 'python3.12', 'python3.11', 'python3.10', 'python3', 'python'];
  for (const program of names) {
    const version = outputOf(program, ['-c', probe]);
    if (version !== undefined) return { program, version };
  }
  throw new Error('Python ≥ 3.10 with venv is needed and was not found on PATH. On Debian: sudo apt-get install python3-venv');
};

/** Absolute path of a Chromium or Chrome. */
export const chromium = async (): Promise<string> => {
  const found = findChromium();
  if (found !== undefined) return found;
  await ensureDebianPackages(['chromium'], 'Testing in a browser');
  const installed = findChromium();
  if (installed === undefined) throw new Error('A Chromium is needed and was not found: install one, or name it in MLFLOW_WORKBENCH_CHROMIUM.');
  return installed;
};

const findChromium = (): string | undefined =>
  process.env['MLFLOW_WORKBENCH_CHROMIUM'] ?? ['chromium', 'chromium-browser', 'google-chrome'].map(findProgram).find((program) => program !== undefined);
