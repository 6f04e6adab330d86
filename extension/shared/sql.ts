/** What can be bound. Ids go in as text: a JS number bound to a text column becomes "5.0" (see docs/server.md). */
export type SqlValue = string | number | bigint | null | Uint8Array;

/** SQL text and its parameters travel together; text is never built from a value. */
export interface SqlQuery {
  readonly text: string;
  readonly values: readonly SqlValue[];
}

/** Synchronous statements on one connection, cached by text. Row types name the selected columns. */
export interface Sql {
  all<Row>(query: SqlQuery): Row[];
  get<Row>(query: SqlQuery): Row | undefined;
  /** The only column: a quarter of the time that rows take. */
  column<Value>(query: SqlQuery): Value[];
  /** Number of changed rows. */
  run(query: SqlQuery): number;
}

/** Tables and columns as they are in this file now; Python may upgrade it while we hold it. */
export interface SqlSchema {
  has(table: string, column?: string): boolean;
  hasIndex(name: string): boolean;
}

/** One store's SQLite file, owned by one thread. */
export interface StoreDatabase {
  readonly path: string;
  readonly schema: SqlSchema;
  /** Reads on the writer's connection: for what takes less than a few milliseconds. */
  read<T>(work: (sql: Sql) => T): T;
  /**
   * Queued, run inside a savepoint of the next group's BEGIN IMMEDIATE transaction, resolved after its
   * commit. `work` may run more than once (when the lock is lost in between), so it only touches the
   * database. What `work` throws rolls back its own savepoint only and rejects this promise. A group that
   * cannot get the lock for 15 s is rejected with TEMPORARILY_UNAVAILABLE; a read-only store rejects
   * with PERMISSION_DENIED and the reason.
   */
  write<T>(work: (sql: Sql) => T): Promise<T>;
}

/** `sql` templates bind every value: sql`SELECT name FROM runs WHERE run_uuid = ${runId}`; a nested query is spliced in. */
export const sql = (parts: TemplateStringsArray, ...values: readonly (SqlValue | SqlQuery)[]): SqlQuery =>
  values.some(isQuery) ? splice(parts, values) : { text: textOf(parts), values: values as readonly SqlValue[] };

const splice = (parts: TemplateStringsArray, values: readonly (SqlValue | SqlQuery)[]): SqlQuery => {
  let text = parts[0] ?? '';
  const bound: SqlValue[] = [];
  for (const [index, value] of values.entries()) {
    if (isQuery(value)) {
      text += value.text;
      bound.push(...value.values);
    } else {
      text += '?';
      bound.push(value);
    }
    text += parts[index + 1] ?? '';
  }
  return { text, values: bound };
};

/** By template: a text that is put together anew has to be hashed anew to find its statement, which costs a small write a fiftieth of its time. */
const texts = new WeakMap<TemplateStringsArray, string>();

const textOf = (parts: TemplateStringsArray): string => {
  const known = texts.get(parts);
  if (known !== undefined) return known;
  const text = parts.join('?');
  texts.set(parts, text);
  return text;
};

const isQuery = (value: SqlValue | SqlQuery): value is SqlQuery => typeof value === 'object' && value !== null && 'text' in value && 'values' in value;

export const joinSql = (queries: readonly SqlQuery[], separator: string): SqlQuery => ({
  text: queries.map((query) => query.text).join(separator),
  values: queries.flatMap((query) => query.values),
});

export const emptySql: SqlQuery = { text: '', values: [] };
