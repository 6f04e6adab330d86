import { expect, test } from 'vitest';
import { modelVersionsOrderSql, modelVersionsSql, parseModelVersionsFilter } from '../../extension/registry/search/model-versions-filter.ts';
import { parseRegisteredModelsFilter, registeredModelsOrderSql, registeredModelsSql } from '../../extension/registry/search/registered-models-filter.ts';
import { createSqliteRegistryStore } from '../../extension/registry/sqlite-registry-store.ts';
import type { RegistryStore } from '../../extension/registry/registry-store.ts';
import type { SqlQuery } from '../../extension/shared/sql.ts';
import { withPlans } from '../support/query-plans.ts';
import { newStoreDatabase } from '../support/store-database.ts';

const plain = (query: SqlQuery): string => query.text.replaceAll(/\s+/g, ' ').trim();

test('a search for models is one statement with bound values', () => {
  const { schema } = newStoreDatabase();
  const where = registeredModelsSql(schema, parseRegisteredModelsFilter("name ILIKE 'w%' AND tags.`a b` != 'x'"));
  expect(plain(where)).toBe(
    'TRUE AND lower(name) LIKE lower(?) AND name IN (SELECT name FROM registered_model_tags WHERE TRUE AND "key" = ? AND value != ?) ' +
      `AND name NOT IN (SELECT name FROM registered_model_tags WHERE TRUE AND "key" = ? AND value = 'true')`,
  );
  expect(where.values).toEqual(['w%', 'a b', 'x', 'mlflow.prompt.is_prompt']);
  expect(plain(registeredModelsOrderSql(['timestamp DESC']))).toBe('last_updated_time DESC, name ASC');
});

test('a search for versions is one statement with bound values', () => {
  const { schema } = newStoreDatabase();
  const where = modelVersionsSql(schema, parseModelVersionsFilter("run_id IN ('a', 'b') AND version_number > '3' AND tags.`mlflow.prompt.is_prompt` = 'true'"));
  expect(plain(where)).toBe(
    `TRUE AND current_stage != 'Deleted_Internal' AND run_id IN (SELECT value FROM json_each(?)) AND version > ? ` +
      'AND (name, version) IN (SELECT name, version FROM model_version_tags WHERE TRUE AND "key" = ? AND value = ?)',
  );
  expect(where.values).toEqual(['["a","b"]', 3, 'mlflow.prompt.is_prompt', 'true']);
  expect(plain(modelVersionsOrderSql([]))).toBe('last_updated_time DESC, name ASC, version DESC');
});

/** A new registry, and the plans of the statements that it runs. */
const newRegistry = (): { readonly store: RegistryStore; readonly plans: string[] } => {
  const { database, plans } = withPlans(newStoreDatabase());
  return { store: createSqliteRegistryStore(database), plans };
};

test('reading and writing one model or version looks at no other rows', async () => {
  const { store, plans } = newRegistry();
  await store.createRegisteredModel({ name: 'wine', tags: [{ key: 'k', value: 'v' }] });
  await store.createModelVersion({ name: 'wine', source: 's3://b/x', tags: [{ key: 'k', value: 'v' }] });
  await store.setRegisteredModelAlias('wine', 'champion', 1);
  await store.getRegisteredModel('wine');
  await store.getModelVersion('wine', 1);
  await store.getModelVersionByAlias('wine', 'champion');
  await store.getLatestVersions('wine');
  await store.transitionModelVersionStage({ name: 'wine', version: 1, stage: 'Staging', archiveExistingVersions: true });
  await store.setModelVersionTag('wine', 1, { key: 'k', value: 'w' });
  await store.deleteModelVersionTag('wine', 1, 'k');
  await store.updateModelVersion('wine', 1, 'd');
  await store.deleteModelVersion('wine', 1);
  await store.deleteRegisteredModel('wine');
  expect(plans.length).toBeGreaterThan(50);
  expect(plans.filter((detail) => /^SCAN (registered_model|model_version)/.test(detail))).toEqual([]);
});

test('versions of one model and a page of models by name come from an index', async () => {
  const { store, plans } = newRegistry();
  await store.searchRegisteredModels({ maxResults: 10 });
  expect(plans.filter((detail) => detail.includes('TEMP B-TREE FOR ORDER BY') || /^SCAN registered_models$/.test(detail))).toHaveLength(2);
  expect(plans.some((detail) => detail.startsWith('SCAN registered_models USING INDEX'))).toBe(true);
  plans.length = 0;
  await store.searchModelVersions({ filter: "name = 'wine'", maxResults: 10 });
  expect(plans.some((detail) => /^SEARCH model_versions USING .*INDEX .*\(name=\?\)/.test(detail))).toBe(true);
});
