import { join } from 'node:path';
import { expect, test } from 'vitest';

import { registryScenarios, trackingScenarios } from '../interop/scenarios/all.ts';
import { Replay } from '../support/replay.ts';
import { serveStore } from '../support/serve-store.ts';
import { newTempFolder } from '../support/store-database.ts';

/** Routes without an answer of MLflow's to compare with, or with a test against it of their own (traces). */
const isReplayed = (path: string): boolean => !/^\/workbench\/|\/traces\b|\/server-info$|presigned-download-url$/.test(path);

const pattern = (path: string): RegExp => new RegExp(`^${path.replaceAll(/:[^/]+/g, '[^/]+').replace('*', '.+')}$`);

/** MLflow's two prefixes lead to the same handlers. */
const withoutPrefix = (path: string): string => path.replace(/^\/(?:ajax-)?api\//, '/api/');

test('every endpoint that is served is asked in the replay against mlflow', { timeout: 240_000 }, async () => {
  const server = await serveStore(join(newTempFolder(), 'mlflow.db'));
  const asked = new Set<string>();
  let requests = 0;
  for (const [title, scenario] of [...trackingScenarios, ...registryScenarios]) {
    const client = await Replay.start(server.url, title);
    await scenario(client).finally(() => client.close());
    requests += client.exchanges.length;
    for (const exchange of client.exchanges) {
      const [method = '', target = ''] = exchange.title.split(' ');
      asked.add(`${method} ${withoutPrefix(target.split('?', 1)[0] ?? '')}`);
    }
  }
  const served = new Set(
    server.routes.filter(({ method, path }) => method !== 'ALL' && isReplayed(path)).map(({ method, path }) => `${method} ${withoutPrefix(path)}`),
  );
  expect(served.size).toBeGreaterThan(70);
  const missing = [...served].filter((route) => {
    const [method = '', path = ''] = route.split(' ');
    return ![...asked].some((one) => one.startsWith(`${method} `) && pattern(path).test(one.slice(method.length + 1)));
  });
  expect(missing).toEqual([]);
  expect(requests).toBeGreaterThan(2000);
});
