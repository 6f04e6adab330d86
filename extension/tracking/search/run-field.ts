import { MlflowError } from '../../shared/errors.ts';
import { sql, type SqlQuery } from '../../shared/sql.ts';
import { readKey, splitIdentifier, trimQuotes } from './operands.ts';

const invalid = (message: string): MlflowError => new MlflowError('INVALID_PARAMETER_VALUE', message);

export type RunEntity = 'metric' | 'parameter' | 'tag' | 'attribute' | 'dataset';

/** What a filter or an order can name of a run. */
export interface RunField {
  readonly entity: RunEntity;
  readonly key: string;
}
const entities: Readonly<Record<string, RunEntity>> = {
  metric: 'metric',
  metrics: 'metric',
  parameter: 'parameter',
  parameters: 'parameter',
  param: 'parameter',
  params: 'parameter',
  tag: 'tag',
  tags: 'tag',
  attribute: 'attribute',
  attributes: 'attribute',
  attr: 'attribute',
  run: 'attribute',
  dataset: 'dataset',
  datasets: 'dataset',
};

const columns = {
  artifact_uri: sql`r.artifact_uri`,
  end_time: sql`r.end_time`,
  run_id: sql`r.run_uuid`,
  run_name: sql`r.name`,
  start_time: sql`r.start_time`,
  status: sql`r.status`,
  user_id: sql`r.user_id`,
} as const;
type Attribute = keyof typeof columns;

const attributeAliases: Readonly<Record<string, Attribute>> = {
  created: 'start_time',
  Created: 'start_time',
  'run name': 'run_name',
  'Run name': 'run_name',
  'Run Name': 'run_name',
};
const isAttribute = (key: string): key is Attribute => Object.hasOwn(columns, key);
export const isNumericAttribute = (key: string): boolean => key === 'start_time' || key === 'end_time';
const set = (values: readonly string[]): string => `{${values.map((value) => `'${value}'`).join(', ')}}`;
const datasetKeys: readonly string[] = ['name', 'digest', 'context'];
export const filterKeys = [...Object.keys(columns), ...Object.keys(attributeAliases)];
export const orderKeys = [...Object.keys(columns), 'created', 'Created'];

export const readIdentifier = (text: string, attributeKeys: readonly string[]): RunField => {
  const { entity: written, key: quotedKey } = splitIdentifier(text);
  const name = trimQuotes(written ?? 'attribute', '`');
  const entity = Object.hasOwn(entities, name) ? entities[name] : undefined;
  if (entity === undefined) throw invalid(`Invalid entity type '${name}'. Valid values are ['metric', 'parameter', 'tag', 'attribute', 'dataset']`);
  const key = readKey(quotedKey);
  if (entity === 'attribute' && !attributeKeys.includes(key)) throw invalid(`Invalid attribute key '${key}' specified. Valid keys are '${set(attributeKeys)}'`);
  if (entity === 'dataset' && !datasetKeys.includes(key)) throw invalid(`Invalid dataset key '${key}' specified. Valid keys are '${set(datasetKeys)}'`);
  return { entity, key: entity === 'attribute' ? (attributeAliases[key] ?? key) : key };
};

/** The column of a run `r`. */
export const attributeColumn = (key: string): SqlQuery => {
  if (isAttribute(key)) return columns[key];
  throw invalid(`Invalid attribute key '${key}' specified. Valid keys are '${set(filterKeys)}'`);
};
