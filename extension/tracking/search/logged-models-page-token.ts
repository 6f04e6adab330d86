import { MlflowError } from '../../shared/errors.ts';
import { pythonJsonText, pythonList, pythonValue } from '../../shared/python-text.ts';
import type { SearchLoggedModels } from '../logged-model-store.ts';
import { readTokenFields } from './page-token.ts';

const mismatch = (what: string, expected: string, found: string): MlflowError =>
  new MlflowError('INVALID_PARAMETER_VALUE', `${what}. Expected: ${expected}. Found: ${found}`);

/** The search goes into the token, as in MLflow's own: a token of another search is refused. */
export const createLoggedModelsToken = (search: SearchLoggedModels, offset: number): string =>
  Buffer.from(pythonJsonText({ ...fieldsOf(search), offset })).toString('base64');

const fieldsOf = ({ experimentIds, filter, orderBy }: SearchLoggedModels): Readonly<Record<string, unknown>> => ({
  experiment_ids: experimentIds,
  filter_string: filter || null,
  order_by:
    orderBy === undefined || orderBy.length === 0
      ? null
      : orderBy.map(({ fieldName, ascending = true, datasetName, datasetDigest }) => ({
          field_name: fieldName,
          ascending,
          dataset_name: datasetName || null,
          dataset_digest: datasetDigest || null,
        })),
});

/** The offset in a token of ours or of MLflow's; 0 without a token. */
export const readLoggedModelsToken = (search: SearchLoggedModels): number => {
  if (search.pageToken === undefined || search.pageToken === '') return 0;
  const { experiment_ids: ids, filter_string: filter, order_by: orderBy, offset } = readTokenFields(search.pageToken);
  const expected = fieldsOf(search);
  const same = (a: unknown, b: unknown): boolean => JSON.stringify(a ?? null) === JSON.stringify(b ?? null);
  if (!same(ids, search.experimentIds)) {
    const found = Array.isArray(ids) ? pythonList(ids.map(String)) : 'None';
    throw mismatch('Experiment IDs in the page token do not match the requested experiment IDs', pythonList(search.experimentIds), found);
  }
  if (!same(filter || null, expected['filter_string'])) {
    throw mismatch(
      'Filter string in the page token does not match the requested filter string',
      search.filter || 'None',
      typeof filter === 'string' ? filter : 'None',
    );
  }
  if (!same(orderBy, expected['order_by'])) {
    throw mismatch('Order by in the page token does not match the requested order by', pythonValue(expected['order_by']), pythonValue(orderBy));
  }
  if (typeof offset === 'number' && Number.isSafeInteger(offset) && offset >= 0) return offset;
  throw new MlflowError('INVALID_PARAMETER_VALUE', 'Invalid page token: it has no offset');
};
