import type { Sql, SqlQuery, StoreDatabase } from '../../extension/shared/sql.ts';

/** The same database; `onQuery` sees each statement before it runs. */
export const spiedDatabase = (database: StoreDatabase, onQuery: (query: SqlQuery, db: Sql) => void): StoreDatabase => {
  const spy = (db: Sql): Sql => ({
    all: <Row>(query: SqlQuery) => (onQuery(query, db), db.all<Row>(query)),
    get: <Row>(query: SqlQuery) => (onQuery(query, db), db.get<Row>(query)),
    column: <Value>(query: SqlQuery) => (onQuery(query, db), db.column<Value>(query)),
    run: (query) => (onQuery(query, db), db.run(query)),
  });
  return {
    path: database.path,
    schema: database.schema,
    read: (work) => database.read((db) => work(spy(db))),
    write: (work) => database.write((db) => work(spy(db))),
  };
};

export interface PlannedDatabase {
  readonly database: StoreDatabase;
  /** One line for each step of each statement that ran. */
  readonly plans: string[];
}

/** The same database, telling by which plan each of its statements runs. */
export const withPlans = (database: StoreDatabase): PlannedDatabase => {
  const plans: string[] = [];
  const explain = (query: SqlQuery, db: Sql): void => {
    plans.push(...db.all<{ detail: string }>({ text: `EXPLAIN QUERY PLAN ${query.text}`, values: query.values }).map(({ detail }) => detail));
  };
  return { database: spiedDatabase(database, explain), plans };
};
