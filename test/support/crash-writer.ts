/** Writes rows into the store named by its argument, several at once, and prints the number of each acknowledged one. */
import { openDatabase } from '../../extension/server/database.ts';
import { insertMetric } from './store-rows.ts';

const [path = '', runId = ''] = process.argv.slice(2);
const database = openDatabase(path);

const writeOne = async (step: number): Promise<void> => {
  await database.write((connection) => insertMetric(connection, runId, { step }));
  process.stdout.write(`${step}\n`);
};

for (let step = 0; ; step += 4) await Promise.all([0, 1, 2, 3].map((offset) => writeOne(step + offset)));
