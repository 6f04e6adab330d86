import { pagesOf, type Searched } from '../tracking/search/page-token.ts';
import type { Page } from '../tracking/tracking-store.ts';
import type { ModelVersion } from './model-version.ts';
import type { RegisteredModel } from './registered-model.ts';
import type { SearchModels } from './registry-store.ts';
import type { RegistryTables } from './registry-tables.ts';
import { checkMostResults } from './search/max-results.ts';
import { modelVersionsOrderSql, modelVersionsSql, parseModelVersionsFilter } from './search/model-versions-filter.ts';
import { parseRegisteredModelsFilter, registeredModelsOrderSql, registeredModelsSql } from './search/registered-models-filter.ts';
import { readVersions } from './sqlite-model-versions.ts';
import { readModels } from './sqlite-registered-models.ts';

export const searchModels = (tables: RegistryTables, search: SearchModels): Page<RegisteredModel> => {
  checkMostResults(search.maxResults, 'models');
  const where = registeredModelsSql(tables.schema, parseRegisteredModelsFilter(search.filter ?? ''));
  const orderBy = registeredModelsOrderSql(search.orderBy ?? []);
  return readPage('models', search, (limit, offset) => readModels(tables, { where, orderBy, limit, offset }));
};

export const searchVersions = (tables: RegistryTables, search: SearchModels): Page<ModelVersion> => {
  checkMostResults(search.maxResults, 'versions');
  const where = modelVersionsSql(tables.schema, parseModelVersionsFilter(search.filter ?? ''));
  const orderBy = modelVersionsOrderSql(search.orderBy ?? []);
  return readPage('versions', search, (limit, offset) => readVersions(tables, { where, orderBy, limit, offset }));
};

/** Reads one item more than asked for, to know whether there is another page. */
const readPage = <T>(what: Searched, search: SearchModels, read: (limit: number, offset: number) => readonly T[]): Page<T> => {
  const { maxResults } = search;
  const { offset, tokenFor } = pagesOf(what, search);
  const items = read(maxResults + 1, offset);
  return items.length > maxResults ? { items: items.slice(0, maxResults), nextPageToken: tokenFor(offset + maxResults) } : { items };
};
