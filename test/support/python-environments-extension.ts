import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const manifest = {
  name: 'vscode-python-envs',
  publisher: 'ms-python',
  version: '1.0.0',
  engines: { vscode: '^1.101.0' },
  main: './extension.cjs',
  activationEvents: [],
};

/** Has selected, for each folder that has a folder `selected`, the environment in it. */
const program = `const { existsSync } = require('node:fs');
exports.activate = () => ({
  getEnvironment: async ({ fsPath }) =>
    existsSync(fsPath + '/selected') ? { execInfo: { run: { executable: fsPath + '/selected/.venv/bin/python' } } } : undefined,
});
`;

/** Writes an extension that exports what we use of Microsoft's Python Environments, which no package registry carries. */
export const writePythonEnvironmentsExtension = async (extensions: string): Promise<void> => {
  const folder = join(extensions, `${manifest.publisher}.${manifest.name}-${manifest.version}`);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'package.json'), JSON.stringify(manifest));
  await writeFile(join(folder, 'extension.cjs'), program);
};
