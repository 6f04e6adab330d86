/**
 * `npm run bench:registry`: how soon *Model Registry* has its rows in a store with many models, and how soon it
 * has read again what another program has changed in the file; and how the table of a model's versions scrolls.
 * `--models N`, `--versions N`, `--rounds N`.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { createSqliteRegistryStore } from '../extension/registry/sqlite-registry-store.ts';
import { RegistryBranch, type RegistryView } from '../extension/registry/ui/registry-branch.ts';
import { openDatabase } from '../extension/server/database.ts';
import { silentLogger } from '../extension/shared/logger.ts';
import { ServerProcess } from '../extension/shared/server-process.ts';
import { LocalConnection } from '../extension/tracking/local-connection.ts';
import { reportFigures } from './bench/figures.ts';
import { measureVersionTable } from './bench/model-page.ts';
import { seedModels } from './bench/seed-models.ts';
import { runQuietly } from './programs.ts';
import { repository } from './tools.ts';

const rowsLimit = 200;
const changeLimit = 250;
/** 60 frames a second: one that is missed takes 33 ms. */
const frameLimit = 25;
/** As many as the page of a model reads at once. */
const versionsOfPage = 1000;
const changedModel = 'model-00001';

const timed = async (work: () => Promise<unknown>): Promise<number> => {
  const started = performance.now();
  await work();
  return performance.now() - started;
};

/** Each round reads anew, as a refresh of the tree does. */
const timesOf = async (rounds: number, work: () => Promise<unknown>): Promise<readonly number[]> => {
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) times.push(await timed(work));
  return times;
};

/** Whether the connection tells of a change of the registry; registered before the change is made. */
const nextChange = (connection: LocalConnection): Promise<void> =>
  new Promise((resolve) => {
    const subscription = connection.onDidChange(({ type }) => {
      if (type !== 'registry' && type !== 'reset') return;
      subscription.dispose();
      resolve();
    });
  });

const whenReady = (connection: LocalConnection): Promise<void> =>
  new Promise((resolve) => connection.onDidChangeState(({ kind }) => kind === 'ready' && resolve()));

const { values } = parseArgs({
  options: { models: { type: 'string', default: '10000' }, versions: { type: 'string', default: '20' }, rounds: { type: 'string', default: '20' } },
});
const [rounds, versions] = [Number(values.rounds), Number(values.versions)];
const folder = await mkdtemp(join(tmpdir(), 'mlflow-workbench-bench-'));
const path = join(folder, 'mlflow.db');
console.log(`Filling a store with ${values.models} models of ${values.versions} versions …`);
await seedModels(path, Number(values.models), versions);
// What a window starts is the bundle.
await runQuietly(process.execPath, [join(repository, 'scripts', 'build.ts')], { cwd: repository });
const server = new ServerProcess(join(repository, 'dist', 'server.cjs'), silentLogger);
const connection = new LocalConnection({ path, label: 'mlflow.db', log: silentLogger, server });
const other = openDatabase(path);
try {
  await whenReady(connection);
  const branchOf = (view: RegistryView): RegistryBranch => new RegistryBranch(connection, () => view);
  const plain: RegistryView = { search: '', order: 'name' };
  const firstPage = await timesOf(rounds, async () => {
    const branch = branchOf(plain);
    return branch.children(branch.root);
  });
  const search = await timesOf(rounds, async () => {
    const branch = branchOf({ search: '99', order: 'name' });
    return branch.children(branch.root);
  });
  const ofModel = await timesOf(rounds, async () => {
    const branch = branchOf(plain);
    return branch.children(branch.modelNode(changedModel));
  });
  const writer = createSqliteRegistryStore(other);
  const branch = branchOf(plain);
  /** Until the rows are there again, after each change in turn. */
  const timesToFollow = async (change: (round: number) => Promise<unknown>): Promise<readonly number[]> => {
    const times: number[] = [];
    for (let round = 0; round < rounds; round++) {
      const told = nextChange(connection);
      await change(round);
      const read = async (): Promise<void> => {
        await told;
        branch.forget();
        await branch.children(branch.root);
      };
      times.push(await timed(read));
    }
    return times;
  };
  const aliases = await timesToFollow((round) => writer.setRegisteredModelAlias(changedModel, 'champion', (round % versions) + 1));
  const moved = await timesToFollow((round) =>
    writer.transitionModelVersionStage({ name: changedModel, version: 1, stage: round % 2 === 0 ? 'Staging' : 'Archived' }),
  );
  await reportFigures('registry', [
    { name: 'first page of models', unit: 'ms', values: firstPage, limit: rowsLimit },
    { name: 'search of models', unit: 'ms', values: search, limit: rowsLimit },
    { name: 'versions of a model', unit: 'ms', values: ofModel, limit: rowsLimit },
    { name: 'alias moved by another program, read again', unit: 'ms', values: aliases, limit: changeLimit },
    { name: 'stage moved by another program, read again', unit: 'ms', values: moved, limit: changeLimit },
    { name: 'frame while the table of versions scrolls', unit: 'ms', values: await measureVersionTable(versionsOfPage), limit: frameLimit },
  ]);
} finally {
  other.dispose();
  connection.dispose();
  server.dispose();
  await rm(folder, { recursive: true, force: true });
}
