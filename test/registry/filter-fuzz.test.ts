import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import type { RegistryStore } from '../../extension/registry/registry-store.ts';
import { createSqliteRegistryStore } from '../../extension/registry/sqlite-registry-store.ts';
import { openDatabase } from '../../extension/server/database.ts';
import { MlflowError } from '../../extension/shared/errors.ts';
import type { LoggedModelStore } from '../../extension/tracking/logged-model-store.ts';
import { createSqliteLoggedModelStore } from '../../extension/tracking/sqlite-logged-model-store.ts';
import { asExperimentId } from '../../schemas/ids.ts';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const names = ['Wine', 'beer', "it's", 'a%b', 'a_b', 'é'];
const values = ['red', 'Red', '', '%', "o'clock", '"q"'];

let registry: RegistryStore;
let loggedModels: LoggedModelStore;

beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'workbench-fuzz-'));
  const database = openDatabase(join(folder, 'mlflow.db'), { create: true });
  registry = createSqliteRegistryStore(database);
  loggedModels = createSqliteLoggedModelStore(database);
  for (const [index, name] of names.entries()) {
    const tags = [{ key: 'team', value: values[index] ?? '' }];
    await registry.createRegisteredModel({ name, tags });
    await registry.createModelVersion({ name, source: `s3://b/${index}`, tags });
    await loggedModels.createLoggedModel({ experimentId: asExperimentId('0'), name: `m${index}`, tags, params: tags });
  }
  return () => {
    database.dispose();
    rmSync(folder, { recursive: true, force: true });
  };
});

const piece = fc.oneof(
  fc.constantFrom(
    'name',
    'version_number',
    'run_id',
    'source_path',
    'tags.team',
    'tag.`a b`',
    'attribute.name',
    'attributes.name',
    'metrics.a/b',
    'params."x"',
    'status',
    'creation_time',
  ),
  fc.constantFrom('=', '!=', '<', '<=', '>', '>=', '<>', 'LIKE', 'ilike', 'IN', 'NOT IN', 'IS NULL', 'IS NOT NULL', 'BETWEEN'),
  fc.constantFrom('AND', 'OR', 'NOT', '(', ')', ';', ',', "'", '"', '`', '--', '/*', '*/', '%', '\\', '.', '\0', '$1', '?', ':x'),
  fc.constantFrom("'red'", '"beer"', "('a', 'b')", '()', '(1)', '5', '-1.5', '1e9', "'; DROP TABLE registered_models; --'", "'%'", 'NaN', '0x1'),
  fc.string({ maxLength: 12, unit: 'binary' }),
);
const filters = fc.oneof(
  fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(' ')),
  fc.string({ maxLength: 60, unit: 'binary' }),
);

/** Every text is answered: with items, or with the words of a user's error. */
const isAnswered = async (work: () => Promise<unknown>): Promise<boolean> => {
  try {
    await work();
    return true;
  } catch (error) {
    return error instanceof MlflowError && error.code === 'INVALID_PARAMETER_VALUE';
  }
};

test('any text as a filter or an order is answered, and harms nothing', async () => {
  await fc.assert(
    fc.asyncProperty(filters, async (text) => {
      const experimentIds = [asExperimentId('0')];
      expect(await isAnswered(() => registry.searchRegisteredModels({ filter: text, maxResults: 10 }))).toBe(true);
      expect(await isAnswered(() => registry.searchModelVersions({ filter: text, maxResults: 10 }))).toBe(true);
      expect(await isAnswered(() => loggedModels.searchLoggedModels({ experimentIds, filter: text, maxResults: 10 }))).toBe(true);
      expect(await isAnswered(() => registry.searchRegisteredModels({ orderBy: [text], maxResults: 10 }))).toBe(true);
      expect(await isAnswered(() => registry.searchModelVersions({ orderBy: [text], maxResults: 10 }))).toBe(true);
      expect(await isAnswered(() => loggedModels.searchLoggedModels({ experimentIds, orderBy: [{ fieldName: text }], maxResults: 10 }))).toBe(true);
      expect(await isAnswered(() => registry.searchModelVersions({ pageToken: text, maxResults: 10 }))).toBe(true);
      expect(await isAnswered(() => loggedModels.searchLoggedModels({ experimentIds, pageToken: text, maxResults: 10 }))).toBe(true);
    }),
  );
  expect((await registry.searchRegisteredModels({ maxResults: 100 })).items).toHaveLength(names.length);
});

type Comparator = '=' | '!=' | 'LIKE' | 'ILIKE';

/** What the comparison means, in other words than SQL's. */
const holds = (comparator: Comparator, actual: string, expected: string): boolean => {
  if (comparator === '=') return actual === expected;
  if (comparator === '!=') return actual !== expected;
  const pattern = expected
    .replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
    .replaceAll('%', '[\\s\\S]*')
    .replaceAll('_', '[\\s\\S]');
  return new RegExp(`^${pattern}$`, comparator === 'ILIKE' ? 'i' : '').test(actual);
};

const comparators = fc.constantFrom<Comparator>('=', '!=', 'LIKE', 'ILIKE');
const operands = fc
  .oneof(fc.constantFrom(...names, ...values, 'w%', '%e%', '_eer', 'R%'), fc.stringMatching(/^[a-zA-Z%_]{0,4}$/))
  .filter((text) => !text.includes("'"));
const comparisons = fc.array(fc.tuple(fc.constantFrom('name', 'tags.team'), comparators, operands), { maxLength: 4 });

test('models are found by what their comparisons mean, all of them', async () => {
  await fc.assert(
    fc.asyncProperty(comparisons, async (all) => {
      const filter = all.map(([key, comparator, value]) => `${key} ${comparator} '${value}'`).join(' AND ');
      const expected = names.filter((name, index) =>
        all.every(([key, comparator, value]) => holds(comparator, key === 'name' ? name : (values[index] ?? ''), value)),
      );
      const models = await registry.searchRegisteredModels({ filter, maxResults: 100 });
      expect(models.items.map(({ name }) => name)).toEqual(expected.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))));
      const versions = await registry.searchModelVersions({ filter, maxResults: 100 });
      expect(new Set(versions.items.map(({ name }) => name))).toEqual(new Set(expected));
    }),
  );
});

test('pages of any size hold every model once, in order', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 7 }),
      fc.constantFrom('name', 'name DESC', 'timestamp', 'last_updated_timestamp DESC'),
      async (maxResults, order) => {
        const found: string[] = [];
        for (let pageToken: string | undefined = ''; pageToken !== undefined;) {
          const page = await registry.searchRegisteredModels({ maxResults, orderBy: [order], pageToken });
          found.push(...page.items.map(({ name }) => name));
          pageToken = page.nextPageToken;
        }
        const whole = await registry.searchRegisteredModels({ maxResults: 100, orderBy: [order] });
        expect(found).toEqual(whole.items.map(({ name }) => name));
      },
    ),
  );
});
