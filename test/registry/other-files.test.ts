import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { createSqliteRegistryStore } from '../../extension/registry/sqlite-registry-store.ts';
import type { SqliteDatabase } from '../../extension/server/database.ts';
import { newStoreDatabase } from '../support/store-database.ts';

/** The registry's tables as releases since 3.10 have them: the workspace is part of every key. */
const workspaceTables = `
  PRAGMA foreign_keys = OFF;
  ALTER TABLE registered_models RENAME TO old_models; ALTER TABLE model_versions RENAME TO old_versions;
  ALTER TABLE registered_model_tags RENAME TO old_tags; ALTER TABLE model_version_tags RENAME TO old_version_tags; ALTER TABLE registered_model_aliases RENAME TO old_aliases;
  CREATE TABLE registered_models (name VARCHAR(256) NOT NULL, creation_time BIGINT, last_updated_time BIGINT, description VARCHAR(5000), workspace VARCHAR(63) DEFAULT 'default' NOT NULL,
    CONSTRAINT registered_model_pk PRIMARY KEY (workspace, name));
  CREATE TABLE model_versions (name VARCHAR(256) NOT NULL, version INTEGER NOT NULL, creation_time BIGINT, last_updated_time BIGINT, description VARCHAR(5000), user_id VARCHAR(256),
    current_stage VARCHAR(20), source VARCHAR(500), run_id VARCHAR(32), status VARCHAR(20), status_message VARCHAR(500), run_link VARCHAR(500), storage_location VARCHAR(500),
    workspace VARCHAR(63) DEFAULT 'default' NOT NULL, CONSTRAINT model_version_pk PRIMARY KEY (workspace, name, version),
    FOREIGN KEY(workspace, name) REFERENCES registered_models (workspace, name) ON UPDATE CASCADE);
  CREATE TABLE registered_model_tags ("key" VARCHAR(250) NOT NULL, value VARCHAR(5000), name VARCHAR(256) NOT NULL, workspace VARCHAR(63) DEFAULT 'default' NOT NULL,
    CONSTRAINT registered_model_tag_pk PRIMARY KEY (workspace, "key", name), FOREIGN KEY(workspace, name) REFERENCES registered_models (workspace, name) ON UPDATE CASCADE);
  CREATE TABLE model_version_tags ("key" VARCHAR(250) NOT NULL, value TEXT, name VARCHAR(256) NOT NULL, version INTEGER NOT NULL, workspace VARCHAR(63) DEFAULT 'default' NOT NULL,
    CONSTRAINT model_version_tag_pk PRIMARY KEY (workspace, "key", name, version), FOREIGN KEY(workspace, name, version) REFERENCES model_versions (workspace, name, version) ON UPDATE CASCADE);
  CREATE TABLE registered_model_aliases (alias VARCHAR(256) NOT NULL, version INTEGER NOT NULL, name VARCHAR(256) NOT NULL, workspace VARCHAR(63) DEFAULT 'default' NOT NULL,
    CONSTRAINT registered_model_alias_pk PRIMARY KEY (workspace, name, alias), FOREIGN KEY(workspace, name) REFERENCES registered_models (workspace, name) ON DELETE CASCADE ON UPDATE CASCADE);
  INSERT INTO registered_models (name, creation_time, last_updated_time, description) SELECT name, creation_time, last_updated_time, description FROM old_models;
  INSERT INTO model_versions (name, version, creation_time, last_updated_time, description, current_stage, source, run_id, status, run_link, storage_location)
    SELECT name, version, creation_time, last_updated_time, description, current_stage, source, run_id, status, run_link, storage_location FROM old_versions;
  INSERT INTO registered_model_tags ("key", value, name) SELECT "key", value, name FROM old_tags;
  INSERT INTO model_version_tags ("key", value, name, version) SELECT "key", value, name, version FROM old_version_tags;
  INSERT INTO registered_model_aliases (alias, version, name) SELECT alias, version, name FROM old_aliases;
  DROP TABLE old_version_tags; DROP TABLE old_aliases; DROP TABLE old_tags; DROP TABLE old_versions; DROP TABLE old_models;
  INSERT INTO registered_models (name, workspace) VALUES ('wine', 'team'), ('secret', 'team');
  INSERT INTO model_versions (name, version, current_stage, workspace) VALUES ('wine', 7, 'Production', 'team');
  INSERT INTO registered_model_aliases (alias, version, name, workspace) VALUES ('champion', 7, 'wine', 'team');`;

/** Another program changes the file while we hold it. */
const change = (database: SqliteDatabase, script: string): void => {
  const other = new Database(database.path);
  other.pragma('legacy_alter_table = ON');
  other.exec(script);
  other.close();
};

test('an upgrade while we hold the file changes the keys, and everything goes on in the default workspace', async () => {
  const database = newStoreDatabase();
  const store = createSqliteRegistryStore(database);
  await store.createRegisteredModel({ name: 'wine', tags: [{ key: 'k', value: 'v' }] });
  await store.createModelVersion({ name: 'wine', source: 's3://b/x', tags: [{ key: 'k', value: 'v' }] });
  await store.setRegisteredModelAlias('wine', 'champion', 1);
  change(database, workspaceTables);
  await store.setRegisteredModelTag('wine', { key: 'k', value: 'w' });
  await store.setModelVersionTag('wine', 1, { key: 'k', value: 'w' });
  expect(await store.createModelVersion({ name: 'wine', source: 's3://b/y' })).toMatchObject({ version: 2 });
  await store.setRegisteredModelAlias('wine', 'champion', 2);
  await store.transitionModelVersionStage({ name: 'wine', version: 2, stage: 'Production', archiveExistingVersions: true });
  expect((await store.searchRegisteredModels({ maxResults: 10 })).items).toMatchObject([
    {
      name: 'wine',
      tags: [{ key: 'k', value: 'w' }],
      aliases: [{ alias: 'champion', version: 2 }],
      latestVersions: [{ version: 1, tags: [{ key: 'k', value: 'w' }] }, { version: 2 }],
    },
  ]);
  await store.renameRegisteredModel('wine', 'cellar');
  await store.deleteRegisteredModel('cellar');
  await expect(store.getRegisteredModel('secret')).rejects.toMatchObject({ code: 'RESOURCE_DOES_NOT_EXIST' });
  const team = database.read((db) =>
    db.all<{ name: string; version: number; stage: string }>({
      text: "SELECT name, version, current_stage AS stage FROM model_versions WHERE workspace = 'team'",
      values: [],
    }),
  );
  expect(team).toEqual([{ name: 'wine', version: 7, stage: 'Production' }]);
});

test('a registry of a release before 2.9 is read and not written', async () => {
  const database = newStoreDatabase();
  const store = createSqliteRegistryStore(database);
  await store.createRegisteredModel({ name: 'wine' });
  await store.createModelVersion({ name: 'wine', source: 's3://b/x' });
  change(database, 'DROP TABLE registered_model_aliases; ALTER TABLE model_versions DROP COLUMN storage_location;');
  expect(await store.getRegisteredModel('wine')).toMatchObject({ aliases: [], latestVersions: [{ version: 1 }] });
  expect(await store.getModelVersionDownloadUri('wine', 1)).toBe('s3://b/x');
  await expect(store.getModelVersionByAlias('wine', 'a')).rejects.toMatchObject({ code: 'INVALID_PARAMETER_VALUE' });
  await expect(store.createRegisteredModel({ name: 'beer' })).rejects.toMatchObject({
    code: 'PERMISSION_DENIED',
    message: expect.stringContaining('before 2.9') as unknown,
  });
});

test('a file without a registry says so', async () => {
  const database = newStoreDatabase();
  change(
    database,
    'DROP TABLE model_version_tags; DROP TABLE model_versions; DROP TABLE registered_model_aliases; DROP TABLE registered_model_tags; DROP TABLE registered_models;',
  );
  const store = createSqliteRegistryStore(database);
  await expect(store.searchRegisteredModels({ maxResults: 1 })).rejects.toMatchObject({ code: 'NOT_IMPLEMENTED' });
  await expect(store.createRegisteredModel({ name: 'wine' })).rejects.toMatchObject({ code: 'NOT_IMPLEMENTED' });
});
