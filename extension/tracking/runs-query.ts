import type { RunsQuery } from '../../schemas/runs-protocol.ts';
import { readColumn } from '../../schemas/runs-columns.ts';
import type { RunSearchRequest } from '../../schemas/workbench-api.ts';

interface Place {
  readonly experimentIds: readonly string[];
  readonly offset: number;
  readonly limit: number;
  /** Conditions that have to hold too. */
  readonly clauses?: readonly string[];
}

/** What the runs table asks for, in the words of the run search. */
export const toSearchRequest = (query: RunsQuery, { experimentIds, offset, limit, clauses = [] }: Place): RunSearchRequest => {
  const within = (query.within ?? []).map(({ column, value }) => equals(column, value));
  return {
    experimentIds,
    filter: allOf([query.filter, ...within, ...clauses]),
    viewType: query.deleted ? 'DELETED_ONLY' : 'ACTIVE_ONLY',
    nesting: query.nesting,
    orderBy: query.orderBy,
    columns: query.columns,
    offset,
    limit,
  };
};

/** Brackets only where they are needed: servers of MLflow do not know them. */
const allOf = (conditions: readonly string[]): string => {
  const some = conditions.filter((condition) => condition.trim() !== '');
  return some.length < 2 ? some.join('') : some.map((condition) => (hasOr(condition) ? `(${condition})` : condition)).join(' AND ');
};

const hasOr = (filter: string): boolean => /\bOR\b/i.test(filter.replace(/'[^']*'|"[^"]*"|`[^`]*`/g, "''"));

export const isOneOf = (runIds: readonly string[]): string => `attributes.run_id IN (${runIds.map(quotedId).join(', ')})`;
export const isNoneOf = (runIds: readonly string[]): string => `attributes.run_id NOT IN (${runIds.map(quotedId).join(', ')})`;

/** Quotes are not part of any run id. */
const quotedId = (runId: string): string => `'${runId.replaceAll("'", '')}'`;

/** The language has no escapes: what holds both kinds of quotes is compared with a wildcard in their places. */
const equals = (column: string, value: string | null): string => {
  const isKnown = readColumn(column) !== undefined;
  if (!isKnown) return '';
  if (value === null) return `${column} IS NULL`;
  if (!value.includes("'")) return `${column} = '${value}'`;
  if (!value.includes('"')) return `${column} = "${value}"`;
  return `${column} LIKE '${value.replace(/['"]/g, '_')}'`;
};
