import { join } from 'node:path';
import { expect, test } from 'vitest';

import { openStore } from '../../extension/server/open-store.ts';
import { silentLogger } from '../../extension/shared/logger.ts';
import { readCapabilities } from '../../extension/tracking/rest-capabilities.ts';
import { appClient } from '../support/app-client.ts';
import { connectRemote, whenRemoteState } from '../support/remote-store.ts';
import { serveStore } from '../support/serve-store.ts';
import { newTempFolder } from '../support/store-database.ts';

const json = (body: unknown, status = 200): Response => new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } });

test('a server of ours says what it can', async () => {
  const store = openStore({ path: join(newTempFolder(), 'mlflow.db'), create: true }, { log: silentLogger });
  expect(await readCapabilities(appClient((request) => store.app.fetch(request)))).toEqual({ protocol: 2, events: true, histories: true, runSearch: true });
  store.dispose();
});

test.each([
  ['an unknown protocol', () => json({ protocol: 3, events: true, histories: true, runSearch: true })],
  ['no protocol', () => json({})],
  ['no such route', () => json({ error_code: 'ENDPOINT_NOT_FOUND', message: '' }, 404)],
  ['a refusal', () => json({ error_code: 'PERMISSION_DENIED', message: '' }, 403)],
])('of a server with %s only MLflow’s own endpoints are used', async (_what, answer) => {
  expect(await readCapabilities(appClient(answer))).toEqual({ protocol: 0, events: false, histories: false, runSearch: false });
});

test('a server that is away is asked again', async () => {
  await expect(readCapabilities(appClient(() => json({ error_code: 'TEMPORARILY_UNAVAILABLE', message: '' }, 503)))).rejects.toMatchObject({
    code: 'TEMPORARILY_UNAVAILABLE',
  });
});

test('a server of ours elsewhere is asked for rows, totals and groups by our own endpoints', async () => {
  const path = join(newTempFolder(), 'mlflow.db');
  openStore({ path, create: true }, { log: silentLogger }).dispose();
  const { url } = await serveStore(path);
  const { connection } = connectRemote(url);
  await whenRemoteState(connection, 'ready');
  expect(connection.groupRows).toBeUndefined();
  const filter = "params.a = '1' OR params.a = '2'";
  expect(await connection.searchRows({ experimentIds: ['0'], columns: [], filter, offset: 0, limit: 5 })).toEqual({
    total: 0,
    totalIsKnown: true,
    rows: [],
    notes: [],
  });
  expect(await connection.groupRows?.({ experimentIds: ['0'], by: ['params.a'], columns: [], offset: 0, limit: 5 })).toEqual({ total: 0, groups: [] });
  expect(await connection.facets({ experimentIds: ['0'] })).toMatchObject({ runs: 0, notes: [] });
});
