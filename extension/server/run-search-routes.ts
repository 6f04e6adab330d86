import {
  workbenchPrefix,
  type FacetsReply,
  type FacetsRequest,
  type RunGroupsReply,
  type RunGroupsRequest,
  type RunSearchReply,
  type RunSearchRequest,
} from '../../schemas/workbench-api.ts';
import type { Fields, Parsed } from '../shared/endpoint.ts';
import { MlflowError } from '../shared/errors.ts';
import { checkContentType, readJsonObject } from '../shared/request-body.ts';
import { parseFields } from '../shared/request-fields.ts';
import type { FileIndex } from '../tracking/file-index.ts';
import * as files from '../tracking/file-run-rows.ts';
import { present, viewTypeField } from '../tracking/request-fields.ts';
import { readFacetsSelection, readGroupQuery, readRowQuery } from '../tracking/run-query.ts';
import type { Language } from '../tracking/search/rich/language.ts';
import { compilePattern } from '../tracking/search/rich/regular-expression.ts';
import { readBody } from './body.ts';
import { jsonReply } from './errors.ts';
import type { Route } from './workbench-routes.ts';

/** What a store answers beyond MLflow's search. */
export interface RunSearch {
  searchRows(request: RunSearchRequest, signal?: AbortSignal): Promise<RunSearchReply>;
  groupRows(request: RunGroupsRequest, signal?: AbortSignal): Promise<RunGroupsReply>;
  facets(request: FacetsRequest): Promise<FacetsReply>;
}

const languageOf = (index: FileIndex, { experimentIds }: { readonly experimentIds: readonly string[] }): Language => ({
  directionOf: files.readDirections(index, experimentIds),
  checkPattern: compilePattern,
});

export const fileRunSearch = (index: FileIndex): RunSearch => ({
  searchRows: async (request) => files.searchRunRows(index, readRowQuery(request, languageOf(index, request))),
  groupRows: async (request) => files.searchRunGroups(index, readGroupQuery(request, languageOf(index, request))),
  facets: async (request) => files.readFacets(index, readFacetsSelection(request)),
});

const viewFields = { experimentIds: { type: 'string', repeated: true }, viewType: viewTypeField } as const;

const pageFields = {
  ...viewFields,
  filter: { type: 'string' },
  orderBy: { type: 'string', repeated: true },
  columns: { type: 'string', repeated: true },
  offset: { type: 'count', required: true },
  limit: { type: 'count', required: true },
} as const;

const groupFields = { ...pageFields, by: { type: 'string', repeated: true } } as const;

export const runSearchRoutes = (search: RunSearch): readonly Route[] => [
  postRoute('run-search', async (request) => search.searchRows(await readSearch(request), request.signal)),
  postRoute('run-groups', async (request) => {
    const { filter, viewType, ...rest } = await readFields(request, groupFields);
    return search.groupRows({ ...rest, ...present({ filter, viewType }) }, request.signal);
  }),
  postRoute('facets', async (request) => {
    const { experimentIds, viewType } = await readFields(request, viewFields);
    return search.facets({ experimentIds, ...present({ viewType }) });
  }),
];

const postRoute = (name: string, answer: (request: Request) => Promise<object>): Route => ({
  method: 'POST',
  path: `${workbenchPrefix}/${name}`,
  isHeavy: true,
  handle: async (request) => jsonReply(await answer(request)),
});

const readValues = async (request: Request): Promise<Readonly<Record<string, unknown>>> => {
  checkContentType(request.headers.get('content-type') ?? undefined);
  return readJsonObject(await readBody(request));
};

const readFields = async <const F extends Fields>(request: Request, fields: F): Promise<Parsed<F>> =>
  parseFields(fields, await readValues(request)) as Parsed<F>;

const readSearch = async (request: Request): Promise<RunSearchRequest> => {
  const values = await readValues(request);
  const { filter, viewType, ...rest } = parseFields(pageFields, values) as Parsed<typeof pageFields>;
  return { ...rest, nesting: readNesting(values['nesting'] ?? 'all'), ...present({ filter, viewType }) };
};

const readNesting = (value: unknown): NonNullable<RunSearchRequest['nesting']> => {
  if (value === 'all' || value === 'top') return value;
  if (typeof value === 'object' && value !== null && 'childrenOf' in value && typeof value.childrenOf === 'string') return { childrenOf: value.childrenOf };
  throw new MlflowError('INVALID_PARAMETER_VALUE', `Invalid value for parameter 'nesting' supplied: it is 'all', 'top' or {"childrenOf": "<run id>"}.`);
};
