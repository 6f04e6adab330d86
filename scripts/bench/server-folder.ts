import { join } from 'node:path';

import { FileIndex } from '../../extension/tracking/file-index.ts';
import { createFileStore } from '../../extension/tracking/file-store.ts';
import { FileTrackingStore } from '../../extension/tracking/file-tracking-store.ts';
import { asExperimentId } from '../../schemas/ids.ts';
import { outputOf } from '../programs.ts';
import type { BenchRow } from './server-rows.ts';
import { timesOf } from './server-client.ts';

const experimentId = asExperimentId('0');
const filter = 'metrics.loss > 0.2';
const order = 'metrics.loss DESC';

/** What a list of 10,000 runs may take when nothing of the folder is known yet, in ms. */
const longestList = 1000;

/** An `mlruns/`: the newest runs, and a search, ours when nothing of it is known and when it is, and Python's FileStore. */
export const openFolderSearches = async (folder: string, runs: number, python: string): Promise<readonly BenchRow[]> => {
  const root = join(folder, 'mlruns');
  createFileStore(root);
  await fill(new FileTrackingStore(new FileIndex(root)), runs);
  const list = (store: FileTrackingStore) => store.searchRuns({ experimentIds: [experimentId], maxResults: 100 });
  const listed = await timesOf(2, () => list(new FileTrackingStore(new FileIndex(root))));
  const search = (store: FileTrackingStore) => store.searchRuns({ experimentIds: [experimentId], filter, orderBy: [order], maxResults: 100 });
  const cold = await timesOf(2, () => search(new FileTrackingStore(new FileIndex(root))));
  const store = new FileTrackingStore(new FileIndex(root));
  const warm = await timesOf(10, () => search(store));
  const { times, runs: found } = searchWithPython(python, root);
  const own = (await search(store)).items.map(({ info }) => info.runId);
  if (own.join() !== found.join()) throw new Error(`The folder's searches differ: ${own.slice(0, 3).join()} and ${found.slice(0, 3).join()}`);
  const what = `filter and order by metric in an mlruns/ of ${runs} runs`;
  return [
    { id: 'folder, list', what: `newest 100 of an mlruns/ of ${runs} runs, of which nothing is known`, unit: 'ms', ours: listed, limit: longestList },
    { id: 'folder, first', what, unit: 'ms', ours: cold, peer: times },
    { id: 'folder, again', what, unit: 'ms', ours: warm, peer: times },
  ];
};

const fill = async (store: FileTrackingStore, runs: number): Promise<void> => {
  for (let run = 0; run < runs; run += 1) {
    const { info } = await store.createRun({ experimentId, startTime: 1_700_000_000_000 + run, tags: [] });
    await store.logBatch({
      runId: info.runId,
      metrics: ['loss', 'accuracy'].map((key) => ({ key, value: ((run * 7919) % 1009) / 1000 + run / 1e7, step: 0, timestamp: 1 })),
      params: [{ key: 'lr', value: '0.1' }],
    });
    await store.updateRun({ runId: info.runId, status: 'FINISHED', endTime: 1_700_000_001_000 + run });
  }
};

/** Since 3.13 it opens folders only when it is told to. */
const searchWithPython = (python: string, root: string): { readonly times: readonly number[]; readonly runs: readonly string[] } => {
  process.env['MLFLOW_ALLOW_FILE_STORE'] = 'true';
  const output = outputOf(python, [join(import.meta.dirname, 'search_folder.py'), root, '2', filter, order]);
  return JSON.parse(output ?? '') as { times: number[]; runs: string[] };
};
