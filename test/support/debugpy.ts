import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { outputOf, runQuietly } from '../../scripts/programs.ts';
import { pythonPath } from './python.ts';

/** A virtual environment that has debugpy besides what the tests' Python has. */
export const newDebugpyEnvironment = async (folder: string): Promise<string> => {
  const environment = join(folder, '.venv');
  await runQuietly(pythonPath(), ['-m', 'venv', environment]);
  const python = join(environment, 'bin', 'python');
  const sitePackages = (program: string): string => (outputOf(program, ['-c', 'import sysconfig; print(sysconfig.get_path("purelib"))']) ?? '').trim();
  await writeFile(join(sitePackages(python), 'base.pth'), `${sitePackages(pythonPath())}\n`);
  await runQuietly(python, ['-m', 'pip', 'install', '--quiet', 'debugpy']);
  return python;
};

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
