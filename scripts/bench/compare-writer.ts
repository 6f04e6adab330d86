/** Logs a point to each run, ten times a second, from a process of its own: `<path> <runs> <first step> <ticks>`. */
import { setTimeout as delay } from 'node:timers/promises';

import { openDatabase } from '../../extension/server/database.ts';
import { sql } from '../../extension/shared/sql.ts';
import { metricKey } from './compare-store.ts';

const [path = '', runs = '0', first = '0', ticks = '0'] = process.argv.slice(2);
const interval = 100;
const database = openDatabase(path);
const began = performance.now();
for (let tick = 0; tick < Number(ticks); tick++) {
  await delay(Math.max(0, began + tick * interval - performance.now()));
  const step = Number(first) + tick;
  const started = performance.timeOrigin + performance.now();
  await database.write((connection) => {
    const chosen = sql`SELECT run_uuid FROM runs WHERE rowid <= ${Number(runs)}`;
    connection.run(sql`
      INSERT INTO metrics ("key", value, timestamp, run_uuid, step, is_nan)
      SELECT ${metricKey}, 0.5 + rowid / 1000.0, ${Date.now()}, run_uuid, ${step}, 0 FROM runs WHERE run_uuid IN (${chosen})`);
    connection.run(
      sql`UPDATE latest_metrics SET value = 0.5, step = ${step}, timestamp = ${Date.now()} WHERE "key" = ${metricKey} AND run_uuid IN (${chosen})`,
    );
  });
  console.log(JSON.stringify({ step, started }));
}
database.dispose();
