import { tmpdir } from 'node:os';

import type { InstalledPackage } from '../../schemas/lsp-protocol.ts';
import { MlflowError } from './errors.ts';
import { run } from './process.ts';

/** Isolated: neither the folder's files nor the user's are imported. */
const script = `
import importlib.metadata as metadata, json
found = {}
for distribution in metadata.distributions():
    name = distribution.metadata["Name"]
    if name: found.setdefault(name, distribution.version)
print(json.dumps(found))
`;

/** ms */
const timeout = 20_000;

/** What is installed beside an interpreter, by name. */
export const installedPackages = async (python: string, signal?: AbortSignal): Promise<readonly InstalledPackage[]> => {
  const { code, stdout, stderr } = await run({ file: python, args: ['-I', '-c', script], cwd: tmpdir() }, { timeout, ...(signal && { signal }) });
  if (code !== 0) throw new MlflowError('INTERNAL_ERROR', `${python} does not tell its packages: ${stderr.trimEnd().split('\n').at(-1) ?? ''}`);
  const found: Record<string, string> = JSON.parse(stdout);
  return Object.entries(found)
    .map(([name, version]) => ({ name, version }))
    .toSorted((a, b) => a.name.localeCompare(b.name));
};
