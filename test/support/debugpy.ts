import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { outputOf, runQuietly } from '../../scripts/programs.ts';
import { cachedTool } from '../../scripts/tool-cache.ts';
import { pythonOf } from '../../scripts/tools.ts';
import { pythonPath } from './python.ts';

/** Interpreter of a virtual environment that has debugpy besides what the tests' Python has; made once, as other tools are. */
export const debugpyPython = async (): Promise<string> => {
  const digest = createHash('sha256').update(pythonPath()).digest('hex').slice(0, 12);
  const environment = await cachedTool(`debugpy-${digest}`, async (target) => {
    await runQuietly(await newEnvironment(target), ['-m', 'pip', 'install', '--quiet', 'debugpy']);
  });
  return pythonOf(environment);
};

/** Makes a virtual environment that has what the tests' Python has; resolves with its interpreter. */
export const newEnvironment = async (folder: string): Promise<string> => {
  await runQuietly(pythonPath(), ['-m', 'venv', folder]);
  const python = pythonOf(folder);
  await writeFile(join(sitePackages(python), 'base.pth'), `${sitePackages(pythonPath())}\n`);
  return python;
};

const sitePackages = (python: string): string => (outputOf(python, ['-c', 'import sysconfig; print(sysconfig.get_path("purelib"))']) ?? '').trim();

const manifest = {
  name: 'debugpy-stand-in',
  publisher: 'tests',
  version: '1.0.0',
  engines: { vscode: '^1.101.0' },
  main: './extension.cjs',
  activationEvents: ['onDebug'],
  contributes: { breakpoints: [{ language: 'python' }], debuggers: [{ type: 'debugpy', label: 'debugpy', languages: ['python'] }] },
};

/** Starts PyPI's debugpy, and writes down with which variables it was told to start the program. */
const program = `const vscode = require('vscode');
const { appendFileSync } = require('node:fs');
exports.activate = ({ subscriptions }) =>
  subscriptions.push(
    vscode.debug.registerDebugAdapterDescriptorFactory('debugpy', {
      createDebugAdapterDescriptor: ({ configuration: { name, env, python, record } }) => {
        appendFileSync(record, JSON.stringify({ name, env }) + '\\n');
        return new vscode.DebugAdapterExecutable(python, ['-m', 'debugpy.adapter']);
      },
    }),
  );
`;

/** Writes an extension that contributes the debugger type of Microsoft's Python Debugger, which no package registry carries. */
export const writeDebugpyExtension = async (extensions: string): Promise<void> => {
  const folder = join(extensions, `${manifest.publisher}.${manifest.name}-${manifest.version}`);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'package.json'), JSON.stringify(manifest));
  await writeFile(join(folder, 'extension.cjs'), program);
};
