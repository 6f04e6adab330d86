/** Opens the store named by its argument as a user without rights on it, and prints what that user may do. */
import Database from 'better-sqlite3';

import { openDatabase } from '../../extension/server/database.ts';
import { errorMessage } from '../../extension/shared/errors.ts';
import { sql } from '../../extension/shared/sql.ts';

// SQLite's library is loaded while the folder that it is in can still be read.
new Database(':memory:').close();
const [path = ''] = process.argv.slice(2);
if (process.getuid?.() === 0) process.setuid?.(65_534);
const store = openDatabase(path);
const names = store.read((read) => read.all<{ name: string }>(sql`SELECT name FROM experiments`)).map((row) => row.name);
const failure = await store.write((write) => write.run(sql`DELETE FROM experiments`)).catch(errorMessage);
console.log(JSON.stringify({ readOnlyReason: store.readOnlyReason, names, failure }));
