import { MlflowError } from '../../shared/errors.ts';
import { pythonRepr } from '../../shared/python-text.ts';
import { joinSql, sql, type SqlQuery } from '../../shared/sql.ts';
import type { DatasetFilter, LoggedModelOrder, SearchLoggedModels } from '../logged-model-store.ts';
import { parseExperimentId } from '../validation.ts';
import { parseClauses } from './clauses.ts';
import { conditionSql, listSql, type Condition } from './comparison.ts';
import { isNumber, readList } from './operands.ts';
import type { Clause, Operand } from './parts.ts';

const invalid = (message: string): MlflowError => new MlflowError('INVALID_PARAMETER_VALUE', message);

const columns = {
  model_id: sql`m.model_id`,
  experiment_id: sql`m.experiment_id`,
  name: sql`m.name`,
  artifact_location: sql`m.artifact_location`,
  creation_timestamp_ms: sql`m.creation_timestamp_ms`,
  last_updated_timestamp_ms: sql`m.last_updated_timestamp_ms`,
  status: sql`m.status`,
  lifecycle_stage: sql`m.lifecycle_stage`,
  model_type: sql`m.model_type`,
  source_run_id: sql`m.source_run_id`,
  status_message: sql`m.status_message`,
} as const;
export type LoggedModelAttribute = keyof typeof columns;
type Attribute = LoggedModelAttribute;
const isAttribute = (key: string): key is Attribute => Object.hasOwn(columns, key);

const aliases: Readonly<Record<string, Attribute>> = {
  creation_time: 'creation_timestamp_ms',
  creation_timestamp: 'creation_timestamp_ms',
  last_updated_timestamp: 'last_updated_timestamp_ms',
};

const withoutAlias = (key: string): string => (Object.hasOwn(aliases, key) ? (aliases[key] ?? key) : key);

const entities = ['attributes', 'metrics', 'params', 'tags'] as const;
type Entity = (typeof entities)[number];

export type LoggedModelComparison = (
  | { readonly entity: 'attributes'; readonly key: Attribute }
  | { readonly entity: Exclude<Entity, 'attributes'>; readonly key: string }
) &
  Condition;
type LoggedModelField = { readonly entity: 'attributes'; readonly key: Attribute } | { readonly entity: Exclude<Entity, 'attributes'>; readonly key: string };

/** MLflow's filter for logged models, which has words and quotes of its own, as a typed list, all of whose comparisons must hold. */
export const parseLoggedModelsFilter = (filter: string): readonly LoggedModelComparison[] => {
  const parsed = parseClauses(filter);
  if (parsed.kind === 'clauses') return parsed.clauses.map(readComparison);
  if (parsed.kind !== 'strays') throw invalid(`Invalid filter string: ${pythonRepr(filter)}. Expected a single SQL expression.`);
  const hint = "Expected a list of comparisons separated by 'AND' (e.g. 'metrics.loss > 0.1 AND params.lr = 0.01').";
  throw invalid(`Invalid filter string: ${pythonRepr(filter)}. ${hint}`);
};

const readComparison = ({ left, operator, right }: Clause): LoggedModelComparison => {
  if (right === undefined) throw invalid(`Invalid comparison: ${left.text}${operator}. Expected a comparison with 3 tokens.`);
  const field = readField(left.text);
  return { ...field, ...(isNumeric(field) ? readNumber(field, operator, right) : readText(field, operator, right)) };
};

const isNumeric = ({ entity, key }: LoggedModelField): boolean =>
  entity === 'metrics' || (entity === 'attributes' && (key === 'creation_timestamp_ms' || key === 'last_updated_timestamp_ms'));

const trimAll = (text: string, quote: string): string => {
  let [start, end] = [0, text.length];
  while (start < end && text[start] === quote) start += 1;
  while (end > start && text[end - 1] === quote) end -= 1;
  return text.slice(start, end);
};

/** `metrics.a/b` needs no quotes here; backticks go, other quotes stay. */
const readField = (text: string): LoggedModelField => {
  const [, prefix, rest] = /^([a-z]+)\.(.+)$/s.exec(text) ?? [];
  const entity = prefix === undefined ? 'attributes' : entities.find((one) => one === prefix);
  if (entity === undefined) throw invalid(`Invalid entity type: ${pythonRepr(prefix ?? '')}. Expected one of [${entities.map(pythonRepr).join(', ')}].`);
  const key = trimAll(rest ?? text, '`');
  if (entity !== 'attributes') return { entity, key };
  const attribute = withoutAlias(key);
  if (isAttribute(attribute)) return { entity, key: attribute };
  throw invalid(`Invalid attribute key '${key}' specified. Valid keys are ${Object.keys(columns).map(pythonRepr).join(', ')}`);
};

const numberOperators = ['<', '<=', '>', '>=', '=', '!='] as const;
const textOperators = ['=', '!=', 'LIKE', 'ILIKE', 'IN', 'NOT IN'] as const;

const checkOperator = <Allowed extends string>({ entity, key }: LoggedModelField, operator: string, allowed: readonly Allowed[]): Allowed => {
  const found = allowed.find((one) => one === operator);
  if (found !== undefined) return found;
  throw invalid(`Invalid comparison operator for ${entity}.${key}: ${pythonRepr(operator)}. Expected one of (${allowed.map(pythonRepr).join(', ')}).`);
};

const readNumber = (field: LoggedModelField, operator: string, right: Operand): Condition => {
  const comparator = checkOperator(field, operator, numberOperators);
  if (!isNumber(right)) throw invalid(`Expected numeric value type for ${field.entity}.${field.key}. Found ${right.text}`);
  return { comparator, value: Number(right.text) };
};

/** Values need no quotes; single quotes are taken off, however many. */
const readText = (field: LoggedModelField, operator: string, right: Operand): Condition => {
  const comparator = checkOperator(field, operator, textOperators);
  if (comparator === 'IN' || comparator === 'NOT IN') return { comparator, values: readList(right.text) };
  if (right.kind === 'list') throw invalid(`Expected a string value for ${field.entity}.${field.key}. Found ${right.text}`);
  return { comparator, value: trimAll(right.text, "'") };
};

/** What follows WHERE, on the logged model `m`. */
export const loggedModelsSql = ({ experimentIds, filter = '', datasets = [] }: SearchLoggedModels): SqlQuery => {
  const comparisons = parseLoggedModelsFilter(filter);
  const onDatasets = datasetsSql(datasets);
  const hasMetrics = comparisons.some(({ entity }) => entity === 'metrics');
  const measured = datasets.length > 0 && !hasMetrics ? [sql`EXISTS (SELECT 1 FROM logged_model_metrics x WHERE x.model_id = m.model_id ${onDatasets})`] : [];
  const inExperiments = sql`m.experiment_id IN ${listSql(experimentIds.map(parseExperimentId))}`;
  return joinSql(
    [sql`m.lifecycle_stage != 'deleted'`, inExperiments, ...comparisons.map((comparison) => comparisonSql(comparison, onDatasets)), ...measured],
    ' AND ',
  );
};

const datasetsSql = (datasets: readonly DatasetFilter[]): SqlQuery => {
  checkDatasets(datasets);
  if (datasets.length === 0) return sql``;
  return sql`AND (${joinSql(datasets.map(datasetSql), ' OR ')})`;
};

export const checkDatasets = (datasets: readonly DatasetFilter[]): void => {
  if (datasets.some(({ name }) => name === '')) throw invalid('`dataset_name` in the `datasets` clause must be specified.');
};

const datasetSql = ({ name, digest = '' }: DatasetFilter): SqlQuery => {
  return digest === '' ? sql`x.dataset_name = ${name}` : sql`(x.dataset_name = ${name} AND x.dataset_digest = ${digest})`;
};

const comparisonSql = (comparison: LoggedModelComparison, onDatasets: SqlQuery): SqlQuery => {
  const { entity, key } = comparison;
  switch (entity) {
    case 'attributes':
      return conditionSql(columns[key], comparison);
    case 'metrics':
      return sql`EXISTS (SELECT 1 FROM logged_model_metrics x WHERE x.model_id = m.model_id AND x.metric_name = ${key} AND ${conditionSql(sql`x.metric_value`, comparison)} ${onDatasets})`;
    case 'params':
      return sql`EXISTS (SELECT 1 FROM logged_model_params x WHERE x.model_id = m.model_id AND x.param_key = ${key} AND ${conditionSql(sql`x.param_value`, comparison)})`;
    case 'tags':
      return sql`EXISTS (SELECT 1 FROM logged_model_tags x WHERE x.model_id = m.model_id AND x.tag_key = ${key} AND ${conditionSql(sql`x.tag_value`, comparison)})`;
    default:
      return entity satisfies never;
  }
};

/** What follows ORDER BY; what a model lacks comes last, in either direction. */
export const loggedModelsOrderSql = (orderBy: readonly LoggedModelOrder[]): SqlQuery => {
  const terms = orderBy.map((order) => {
    const value = orderValueSql(order);
    return order.ascending === false ? sql`${value} DESC NULLS LAST` : sql`${value} ASC NULLS LAST`;
  });
  const fields = orderBy.map(({ fieldName }) => withoutAlias(fieldName));
  const tieBreakers = [
    ...(fields.includes('creation_timestamp_ms') ? [] : [sql`m.creation_timestamp_ms DESC`]),
    ...(fields.includes('model_id') ? [] : [sql`m.model_id ASC`]),
  ];
  return joinSql([...terms, ...tieBreakers], ', ');
};

const orderValueSql = (order: LoggedModelOrder): SqlQuery => {
  const field = readLoggedModelOrder(order);
  if ('attribute' in field) return columns[field.attribute];
  const { datasetName = '', datasetDigest = '' } = order;
  const onName = datasetName === '' ? sql`` : sql`AND x.dataset_name = ${datasetName}`;
  const onDigest = datasetDigest === '' ? sql`` : sql`AND x.dataset_digest = ${datasetDigest}`;
  return sql`(SELECT x.metric_value FROM logged_model_metrics x WHERE x.model_id = m.model_id AND x.metric_name = ${field.metric} ${onName} ${onDigest}
    ORDER BY x.metric_timestamp_ms DESC, x.metric_step DESC, x.run_id ASC LIMIT 1)`;
};

/** What a field of an order names: a column, or a metric's latest value. */
export const readLoggedModelOrder = ({ fieldName }: LoggedModelOrder): { readonly attribute: LoggedModelAttribute } | { readonly metric: string } => {
  const point = fieldName.indexOf('.');
  const attribute = withoutAlias(fieldName);
  if (point < 0 && isAttribute(attribute)) return { attribute };
  if (point < 0) throw invalid(`Invalid order by field name: ${fieldName}`);
  if (fieldName.slice(0, point) === 'metrics') return { metric: fieldName.slice(point + 1) };
  throw invalid(`Invalid order by field name: ${fieldName}. Only metrics are supported.`);
};
