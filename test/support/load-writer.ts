/** Logs metrics one by one and in batches for some seconds, and prints how many points were acknowledged. */
import { performance } from 'node:perf_hooks';
import { createInterface } from 'node:readline/promises';

import { fetchClient } from '../../extension/shared/rest-client.ts';

const [uri = '', runId = '', key = '', seconds = ''] = process.argv.slice(2);
const http = fetchClient(uri);
const metric = (step: number) => ({ key, value: step, timestamp: step, step });

console.log('ready');
const input = createInterface({ input: process.stdin });
await input.question('');
input.close();
const end = performance.now() + Number(seconds) * 1000;
let step = 0;
while (performance.now() < end) {
  await http.json({ method: 'POST', path: '/api/2.0/mlflow/runs/log-metric', json: { run_id: runId, ...metric(step) } });
  const metrics = Array.from({ length: 9 }, (_, index) => metric(step + 1 + index));
  await http.json({ method: 'POST', path: '/api/2.0/mlflow/runs/log-batch', json: { run_id: runId, metrics } });
  step += 10;
}
console.log(step);
