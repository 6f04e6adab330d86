import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';

import { openDatabase } from '../../extension/server/database.ts';
import { createStoreComponents, sqliteStores } from '../../extension/server/store-components.ts';
import { openSqliteStore, type OpenSqliteStore } from '../../extension/server/open-store.ts';
import type { Endpoint, Field } from '../../extension/shared/endpoint.ts';
import { writeJson } from '../../extension/shared/json.ts';
import { silentLogger } from '../../extension/shared/logger.ts';
import { sql } from '../../extension/shared/sql.ts';
import { newTempFolder } from '../support/store-database.ts';

const newStore = (): OpenSqliteStore => {
  const store = openSqliteStore({ path: join(newTempFolder(), 'mlflow.db'), create: true }, { log: silentLogger });
  onTestFinished(() => store.dispose());
  return store;
};

/** Only their declarations: the store behind them is gone at once. */
const declaredEndpoints = (): readonly Endpoint[] => {
  const folder = mkdtempSync(join(tmpdir(), 'workbench-'));
  const database = openDatabase(join(folder, 'mlflow.db'), { create: true });
  const places = { artifactRoot: '/nowhere', artifactsDestination: '/nowhere' };
  const { endpoints } = createStoreComponents(sqliteStores(database, places), places);
  database.dispose();
  rmSync(folder, { recursive: true });
  return endpoints;
};

/** Values that mean something somewhere, beside arbitrary ones. */
const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 50 }),
  fc.constantFrom(
    '0',
    '1',
    'Default',
    '',
    ' ',
    "'; DROP TABLE runs; --",
    "metrics.m > 1 AND params.`a'b` LIKE '%'",
    'metrics.m DESC',
    '../../etc/passwd',
    '\0',
    '\ud800',
    'x'.repeat(9000),
  ),
);

const anyInteger = fc.oneof(fc.integer(), fc.constantFrom(0, 1, -1, 2 ** 53, 2 ** 63, -(2 ** 63), 2n ** 63n - 1n, 1.5, '7', '9223372036854775808', 'abc'));

/** Mostly of the field's type, sometimes of any other. */
const valueOf = (field: Field): fc.Arbitrary<unknown> => {
  const one = fc.oneof({ weight: 6, arbitrary: fittingValue(field) }, { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 3 }) });
  return field.repeated === true ? fc.oneof({ weight: 6, arbitrary: fc.array(one, { maxLength: 4 }) }, { weight: 1, arbitrary: one }) : one;
};

const fittingValue = (field: Field): fc.Arbitrary<unknown> => {
  switch (field.type) {
    case 'string':
      return anyText;
    case 'int64':
    case 'count':
      return anyInteger;
    case 'double':
      return fc.oneof(fc.double(), fc.constantFrom('NaN', 'Infinity', '-Infinity', '1e400'));
    case 'bool':
      return fc.oneof(fc.boolean(), fc.constantFrom('true', 'no'));
    case 'enum':
      return fc.oneof(fc.constantFrom(...Object.keys(field.names)), anyInteger);
    case 'message':
      return objectOf(field.fields);
    default:
      return field satisfies never;
  }
};

const objectOf = (fields: Endpoint['fields']): fc.Arbitrary<Record<string, unknown>> =>
  fc.record(Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, valueOf(field)])), { requiredKeys: [] });

const asText = (value: unknown): string => (typeof value === 'string' ? value : writeJson(value)).toWellFormed();

const toRequest = (endpoint: Endpoint, values: Record<string, unknown>): [string, RequestInit] => {
  const path = `/ajax-api/${endpoint.version}/mlflow${endpoint.path.replaceAll(/:(\w+)/g, (_all, name: string) => encodeURIComponent(asText(values[name] ?? 'x')) || 'x')}`;
  if (endpoint.method !== 'GET') return [path, { method: endpoint.method, body: writeJson(values), headers: { 'content-type': 'application/json' } }];
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) for (const one of Array.isArray(value) ? value : [value]) query.append(name, asText(one));
  return [`${path}?${query.toString()}`, {}];
};

/** A reply that blames the server makes MLflow's clients try again for minutes. */
const expectUserError = async (store: OpenSqliteStore, [path, init]: [string, RequestInit]): Promise<void> => {
  const response = await store.app.request(path, init);
  if (response.status === 501) return;
  expect(
    response.status,
    `${init.method ?? 'GET'} ${path} ${typeof init.body === 'string' ? init.body : ''}: ${response.status < 500 ? '' : await response.text()}`,
  ).toBeLessThan(500);
};

const countTables = (store: OpenSqliteStore): number | undefined =>
  store.database.read((read) => read.get<{ n: number }>(sql`SELECT count(*) AS n FROM sqlite_master`))?.n;

describe.each(declaredEndpoints().map((endpoint) => [`${endpoint.method} ${endpoint.path}`, endpoint] as const))('%s', (_name, endpoint) => {
  test('answers any request, and never as an error of its own', async () => {
    const store = newStore();
    const tables = countTables(store);
    await fc.assert(fc.asyncProperty(objectOf(endpoint.fields), (values) => expectUserError(store, toRequest(endpoint, values))));
    expect(countTables(store)).toBe(tables);
  });
});

test('any bytes as a body are a user error', async () => {
  const store = newStore();
  const headers = { 'content-type': 'application/json' };
  const anyBody = fc.oneof(fc.string({ unit: 'binary' }), fc.json(), fc.constantFrom('{', '[[[', '"{}"', 'null', '{"a":NaN}', '['.repeat(100_000)));
  await fc.assert(fc.asyncProperty(anyBody, (body) => expectUserError(store, ['/api/2.0/mlflow/runs/search', { method: 'POST', body, headers }])));
});

test('any path is a user error', async () => {
  const store = newStore();
  const segment = fc.oneof(fc.webSegment(), fc.constantFrom('api', '2.0', 'mlflow', 'runs', 'get', '%ff', '%', '%00', '%2f', 'workbench', 'v1'));
  const anyPath = fc.array(segment, { maxLength: 8 }).map((segments) => `/${segments.join('/')}`);
  await fc.assert(fc.asyncProperty(anyPath, fc.constantFrom('GET', 'POST', 'PUT', 'DELETE'), (path, method) => expectUserError(store, [path, { method }])));
});
