import { closeSync, mkdirSync, openSync, readSync, statSync, statfsSync, type Stats } from 'node:fs';
import { dirname } from 'node:path';
import { trackingRevision, trackingSchema, workbenchIndexes } from '../../schemas/tracking-database.ts';
import { MlflowError } from '../shared/errors.ts';
import { sql } from '../shared/sql.ts';
import { appendToLocation } from '../tracking/artifact-uri.ts';
import { Connection } from './connection.ts';

const sqliteMagic = 'SQLite format 3\0';

/** statfs types of file systems whose locks and shared memory do not reach other machines. */
const networkFileSystems: ReadonlySet<number> = new Set([
  0x6969 /* nfs */, 0x517b /* smb */, 0xff534d42 /* cifs */, 0xfe534d42 /* smb2 */, 0x01021997 /* 9p */, 0x65735546 /* fuse */,
]);

export const isOnNetwork = (path: string): boolean => networkFileSystems.has(statfsSync(path).type >>> 0);

/** Another one when the file was replaced; undefined when it is gone. */
export const identifyFile = (path: string): string | undefined => {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats === undefined ? undefined : `${stats.dev} ${stats.ino}`;
};

export type FileKind = 'missing' | 'empty' | 'database';

/** Looks without SQLite, so that a file of another kind is never touched. */
export const inspectFile = (path: string): FileKind => {
  const stats: Stats | undefined = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return 'missing';
  if (!stats.isFile()) throw new MlflowError('INVALID_PARAMETER_VALUE', `${path} is not a file`);
  if (stats.size === 0) return 'empty';
  if (readHead(path) !== sqliteMagic) throw new MlflowError('INVALID_PARAMETER_VALUE', `${path} is not a SQLite database`);
  return 'database';
};

const readHead = (path: string): string => {
  const head = Buffer.alloc(sqliteMagic.length);
  const file = openSync(path, 'r');
  try {
    readSync(file, head, 0, head.length, 0);
  } finally {
    closeSync(file);
  }
  return head.toString('latin1');
};

/**
 * Makes MLflow's tables and experiment 0 in a new or empty file, in one transaction: whoever looks in
 * the meantime sees an empty file. A file that somebody else has filled by then is left as it is.
 */
export const createStoreFile = (path: string, artifactRoot: string, onNetwork = isOnNetwork): void => {
  mkdirSync(dirname(path), { recursive: true });
  const connection = new Connection(path, { create: true });
  try {
    connection.patiently(() => connection.execute('BEGIN IMMEDIATE'));
    if (connection.get(sql`SELECT 1 FROM sqlite_master LIMIT 1`) === undefined) fillStoreFile(connection, artifactRoot);
    connection.execute('COMMIT');
    if (!onNetwork(path)) connection.useWriteAheadLog();
  } finally {
    connection.rollback();
    connection.dispose();
  }
};

const fillStoreFile = (connection: Connection, artifactRoot: string): void => {
  connection.script(trackingSchema);
  connection.script(workbenchIndexes.map((index) => `CREATE INDEX ${index.name} ON ${index.definition};`).join('\n'));
  connection.run(sql`INSERT INTO alembic_version (version_num) VALUES (${trackingRevision})`);
  const now = Date.now();
  connection.run(sql`
    INSERT INTO experiments (experiment_id, name, artifact_location, lifecycle_stage, creation_time, last_update_time)
    VALUES (0, 'Default', ${appendToLocation(artifactRoot, '0')}, 'active', ${now}, ${now})`);
};
