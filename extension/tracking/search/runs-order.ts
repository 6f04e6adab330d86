import { MlflowError } from '../../shared/errors.ts';
import { joinSql, sql, type SqlQuery } from '../../shared/sql.ts';
import { readOrderKey } from './order-by.ts';
import { attributeColumn, orderKeys, readIdentifier, type RunField } from './run-field.ts';

const invalid = (message: string): MlflowError => new MlflowError('INVALID_PARAMETER_VALUE', message);

export interface RunsOrder {
  /** LEFT JOINs that the order needs. */
  readonly joins: SqlQuery;
  /** What follows ORDER BY. */
  readonly terms: SqlQuery;
  /** When nothing but one metric is to be ordered by. */
  readonly metric?: { readonly key: string; readonly ascending: boolean };
}

/** Values first, then NaN, then runs without the key, in either direction; the newest run first among equals. */
export const runsOrderSql = (orderBy: readonly string[]): RunsOrder => {
  const keys = readRunsOrder(orderBy);
  const parts = keys.map(orderPart);
  const [only, ...others] = keys;
  const startTime = keys.some(({ entity, key }) => entity === 'attribute' && key === 'start_time') ? [] : [sql`r.start_time DESC`];
  return {
    joins: joinSql(
      parts.map((part) => part.join),
      ' ',
    ),
    terms: joinSql([...parts.map((part) => part.term), ...startTime, sql`r.run_uuid`], ', '),
    ...(only?.entity === 'metric' && others.length === 0 && { metric: { key: only.key, ascending: only.ascending } }),
  };
};

export interface RunOrderKey extends RunField {
  readonly ascending: boolean;
}

export const readRunsOrder = (orderBy: readonly string[]): readonly RunOrderKey[] => {
  const keys = orderBy.map(readRunOrderKey);
  const names = new Set(keys.map(({ entity, key }) => `${entity}.${key}`));
  if (names.size < keys.length) throw invalid(`\`order_by\` contains duplicate fields: [${orderBy.map((text) => `'${text}'`).join(', ')}]`);
  return keys;
};

const readRunOrderKey = (text: string): RunOrderKey => {
  const { identifier, ascending } = readOrderKey(text);
  const field = readIdentifier(identifier, orderKeys);
  if (field.entity === 'dataset') throw invalid(`Invalid identifier type '${field.entity}'`);
  return { ...field, ascending };
};

/** Aliases of the joined tables; there are as many as MLflow's own SQL can join. */
const orderTables = Array.from({ length: 32 }, (_value, index): SqlQuery => ({ text: `o${index}`, values: [] }));

const orderPart = ({ entity, key, ascending }: RunOrderKey, index: number): { readonly join: SqlQuery; readonly term: SqlQuery } => {
  const direction = ascending ? sql`ASC` : sql`DESC`;
  if (entity === 'attribute') {
    const column = attributeColumn(key);
    return { join: sql``, term: sql`CASE WHEN ${column} IS NULL THEN 1 ELSE 0 END, ${column} ${direction}` };
  }
  const table = orderTables[index];
  if (table === undefined) throw invalid(`order_by can have at most ${orderTables.length} fields.`);
  const source = entity === 'metric' ? sql`latest_metrics` : entity === 'tag' ? sql`tags` : sql`params`;
  const rank =
    entity === 'metric'
      ? sql`CASE WHEN ${table}.is_nan = 1 THEN 1 WHEN ${table}.value IS NULL THEN 2 ELSE 0 END`
      : sql`CASE WHEN ${table}.value IS NULL THEN 1 ELSE 0 END`;
  return {
    join: sql`LEFT JOIN ${source} ${table} ON ${table}."key" = ${key} AND ${table}.run_uuid = r.run_uuid`,
    term: sql`${rank}, ${table}.value ${direction}`,
  };
};
