import { openDatabase } from '../../extension/server/database.ts';
import { sql, type Sql } from '../../extension/shared/sql.ts';

/** A new store with `model-00001` and so on, each with as many versions and an alias on the newest. */
export const seedModels = async (path: string, models: number, versions: number): Promise<void> => {
  const database = openDatabase(path, { create: true });
  try {
    await database.write((connection) => insertModels(connection, models, versions));
  } finally {
    database.dispose();
  }
};

const insertModels = (connection: Sql, models: number, versions: number): void => {
  connection.run(sql`
    WITH RECURSIVE numbers(value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM numbers WHERE value < ${models})
    INSERT INTO registered_models (name, creation_time, last_updated_time) SELECT printf('model-%05d', value), 1700000000000, 1700000000000 + value FROM numbers`);
  connection.run(sql`
    WITH RECURSIVE numbers(value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM numbers WHERE value < ${versions})
    INSERT INTO model_versions (name, version, creation_time, last_updated_time, current_stage, source, status)
    SELECT name, value, creation_time, last_updated_time, 'None', 's3://bucket/model', 'READY' FROM registered_models, numbers`);
  connection.run(sql`INSERT INTO registered_model_aliases (name, alias, version) SELECT name, 'champion', ${versions} FROM registered_models`);
};
