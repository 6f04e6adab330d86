import type { Sql, SqlQuery, StoreDatabase } from '../../extension/shared/sql.ts';

export interface SpiedDatabase {
  readonly database: StoreDatabase;
  /** One line for each step of each statement that ran. */
  readonly plans: string[];
}

/** The same database, telling by which plan each of its statements runs. */
export const withPlans = (database: StoreDatabase): SpiedDatabase => {
  const plans: string[] = [];
  const explain = (db: Sql, query: SqlQuery): void => {
    plans.push(...db.all<{ detail: string }>({ text: `EXPLAIN QUERY PLAN ${query.text}`, values: query.values }).map(({ detail }) => detail));
  };
  const spy = (db: Sql): Sql => ({
    all: <Row>(query: SqlQuery) => (explain(db, query), db.all<Row>(query)),
    get: <Row>(query: SqlQuery) => (explain(db, query), db.get<Row>(query)),
    run: (query) => (explain(db, query), db.run(query)),
  });
  const spied: StoreDatabase = {
    path: database.path,
    schema: database.schema,
    read: (work) => database.read((db) => work(spy(db))),
    write: (work) => database.write((db) => work(spy(db))),
  };
  return { database: spied, plans };
};
