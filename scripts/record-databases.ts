/**
 * `node scripts/record-databases.ts`: lets several releases of mlflow make a store and keeps it as SQL in
 * test/golden/databases/. To be run again when a release changes the schema; the result is committed.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { run } from './programs.ts';
import { cachedTool } from './tool-cache.ts';
import { pythonOf, repository } from './tools.ts';

const releases = ['2.9.2', '2.22.5', '3.1.4', '3.7.0', '3.11.1', '3.17.2'];

/** Older releases do not run with SQLAlchemy 2.1, NumPy 2.3 and setuptools without pkg_resources. */
const companions = ['sqlalchemy<2.1', 'alembic', 'pandas<3', 'numpy<2.3', 'setuptools<80'];

const environmentOf = (release: string): Promise<string> =>
  cachedTool(`mlflow-skinny-${release}`, async (folder) => {
    await run('python3', ['-m', 'venv', folder]);
    await run(pythonOf(folder), ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', `mlflow-skinny==${release}`, ...companions]);
  });

const target = join(repository, 'test', 'golden', 'databases');
await mkdir(target, { recursive: true });
const folder = mkdtempSync(join(tmpdir(), 'workbench-'));
try {
  for (const release of releases) {
    console.log(`Recording mlflow ${release} …`);
    const recorder = join(repository, 'test', 'support', 'record_store.py');
    await run(pythonOf(await environmentOf(release)), [recorder, join(folder, `${release}.db`), join(target, `mlflow-${release}.sql`)]);
  }
} finally {
  rmSync(folder, { recursive: true });
}
