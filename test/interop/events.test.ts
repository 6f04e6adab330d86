import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { describe, expect, onTestFinished, test } from 'vitest';

import { start, userEnvironment } from '../../extension/shared/process.ts';
import { fetchClient } from '../../extension/shared/rest-client.ts';
import { openEvents } from '../../extension/tracking/rest-workbench.ts';
import { seedFolder } from '../../scripts/bench/seed-folder.ts';
import { seedRuns } from '../../scripts/bench/seed-runs.ts';
import type { StoreEvent } from '../../schemas/workbench-api.ts';
import { pythonPath } from '../support/python.ts';
import { serveStore } from '../support/serve-store.ts';
import { newTempFolder } from '../support/store-database.ts';

const script = join(import.meta.dirname, '../support/log_step_by_step.py');

/** MLflow's client in a process of its own; hands back the id of its run when a step is stored. */
const startClient = async (uri: string, cwd: string): Promise<(step: string) => Promise<string>> => {
  const env = { ...userEnvironment(), MLFLOW_ALLOW_FILE_STORE: 'true' };
  const python = await start({ file: pythonPath(), args: [script, uri], cwd, env }, { streams: ['pipe', 'pipe', 'inherit'] });
  onTestFinished(() => void python.stdin?.end());
  const lines = createInterface({ input: python.stdout ?? process.stdin })[Symbol.asyncIterator]();
  const nextLine = async (): Promise<string> => {
    const { value } = await lines.next();
    if (typeof value !== 'string') throw new Error('The client has ended');
    return value;
  };
  expect(await nextLine()).toBe('ready');
  return async (step) => {
    python.stdin?.write(`${step}\n`);
    return nextLine();
  };
};

/** What a window is told from now on. */
const listen = async (url: string): Promise<readonly StoreEvent[]> => {
  const stop = new AbortController();
  onTestFinished(() => stop.abort());
  const events: StoreEvent[] = [];
  const stream = await openEvents(fetchClient(url), stop.signal);
  void (async () => {
    for await (const event of stream) events.push(event);
  })().catch(() => {});
  return events;
};

const steps = ['metric loss', 'metric loss', 'param lr', 'tag note', 'metric a/b', 'tag note', 'metric loss', 'tag other', 'end'];

const eventOf = (step: string, runId: string): StoreEvent => {
  const [kind, key = ''] = step.split(' ');
  const run = { runId, experimentId: '0' };
  return kind === 'metric' ? { type: 'metrics', runs: [{ ...run, keys: [key] }] } : { type: 'runs', runs: [run] };
};

/** A step is taken when the one before has been told; a second run ends the list, so that what is told twice or late shows. */
const expectEachToldOnce = async (take: (step: string) => Promise<string>, events: readonly StoreEvent[]): Promise<void> => {
  const runId = await take('create');
  await expect.poll(() => events.at(-1), { timeout: 60_000 }).toEqual(eventOf('create', runId));
  const expected: StoreEvent[] = [];
  const before = events.length;
  for (const step of steps) {
    await take(step);
    expected.push(eventOf(step, runId));
    await expect.poll(() => events.slice(before), { timeout: 60_000 }).toEqual(expected);
  }
  const next = await take('create');
  await expect.poll(() => events.at(-1), { timeout: 60_000 }).toEqual(eventOf('create', next));
  expect(events.slice(before, before + steps.length)).toEqual(expected);
};

describe('what Python logs is told once each, in order,', () => {
  test('directly to a file in which 100,000 older runs lie, then over HTTP', { timeout: 300_000 }, async () => {
    const path = join(newTempFolder(), 'mlflow.db');
    await seedRuns(path, 100_000);
    const { url } = await serveStore(path);
    // Python makes the tables that it misses: to be told of that belongs to no step.
    const direct = await startClient(`sqlite:///${path}`, newTempFolder());
    const overHttp = await startClient(url, newTempFolder());
    const events = await listen(url);
    for (const take of [direct, overHttp]) await expectEachToldOnce(take, events);
  });

  test('to an mlruns in which 3,000 older runs lie', { timeout: 300_000 }, async () => {
    const root = join(newTempFolder(), 'mlruns');
    seedFolder(root, 3_000);
    const { url } = await serveStore(root, { artifactRoot: root });
    const take = await startClient(`file://${root}`, newTempFolder());
    await expectEachToldOnce(take, await listen(url));
  });
});
