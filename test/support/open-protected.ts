/** Opens the stores in this folder (`wal.db`, `delete.db`, `new.db`), and prints what can be done with them. */
import { join } from 'node:path';

import { openDatabase } from '../../extension/server/database.ts';
import { errorMessage } from '../../extension/shared/errors.ts';
import { sql } from '../../extension/shared/sql.ts';

const [folder = ''] = process.argv.slice(2);

const attempt = async (name: string): Promise<object> => {
  try {
    const store = openDatabase(join(folder, name), { create: true });
    const names = store.read((read) => read.all<{ name: string }>(sql`SELECT name FROM experiments`)).map((row) => row.name);
    const written = await store.write((write) => write.run(sql`DELETE FROM experiments`)).catch(errorMessage);
    return { names, written };
  } catch (error) {
    return { refused: errorMessage(error) };
  }
};

console.log(JSON.stringify({ wal: await attempt('wal.db'), delete: await attempt('delete.db'), new: await attempt('new.db') }));
