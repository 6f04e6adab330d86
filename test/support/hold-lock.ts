/** Holds the lock for writing of the store named by its argument until its standard input ends. */
import Database from 'better-sqlite3';

const database = new Database(process.argv[2] ?? '');
database.exec('BEGIN IMMEDIATE');
console.log('held');
process.stdin.resume().once('end', () => database.close());
