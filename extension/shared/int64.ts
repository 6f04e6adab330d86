import type { Int64 } from '../../schemas/rest-api.ts';
import { sql, type Sql, type SqlQuery } from './sql.ts';

/** The same integer in the type that every Int64 of its size has, so that equal ones are `===`. */
export const toInt64 = (exact: bigint): Int64 => {
  const number = Number(exact);
  return Number.isSafeInteger(number) ? number : exact;
};

/** Of decimal digits; without the detour of a bigint where that is not needed. */
export const int64Of = (digits: string): Int64 => {
  const number = Number(digits);
  return Number.isSafeInteger(number) ? number : toInt64(BigInt(digits));
};

export const compareInt64 = (a: Int64, b: Int64): number => (a < b ? -1 : Number(a > b));

/** What `exactInteger` selects. */
export type StoredInteger = number | string;

/** A column of integers as SQLite's driver hands it out exactly: beyond 2^53 as text. */
export const exactInteger = (column: SqlQuery): SqlQuery =>
  sql`CASE WHEN ${column} BETWEEN -9007199254740991 AND 9007199254740991 THEN ${column} ELSE CAST(${column} AS TEXT) END`;

/** SQLite lets any program put anything into such a column: what is no integer becomes the number that it is, or NaN. */
export const fromStored = (stored: StoredInteger): Int64 => {
  if (typeof stored === 'number') return stored;
  return /^-?\d+$/.test(stored) ? toInt64(BigInt(stored)) : Number(stored);
};

interface Point {
  readonly timestamp: StoredInteger;
  readonly step: StoredInteger;
}

/**
 * Rows of metrics, of which there can be very many: read as numbers, which is fast, and once more by
 * `exactInteger` when one of them has been rounded.
 */
export const allExactly = <Row extends Point>(db: Sql, select: (integer: (column: SqlQuery) => SqlQuery) => SqlQuery): Row[] => {
  const rows = db.all<Row>(select((column) => column));
  return rows.some(({ timestamp, step }) => isRounded(timestamp) || isRounded(step)) ? db.all<Row>(select(exactInteger)) : rows;
};

const isRounded = (stored: StoredInteger): boolean => Number.isInteger(stored) && !Number.isSafeInteger(stored);
