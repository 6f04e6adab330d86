import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { expect, test } from 'vitest';

import { run } from '../../extension/shared/process.ts';
import { pythonPath } from '../support/python.ts';
import { newTempFolder } from '../support/store-database.ts';
import { serveStore } from '../support/serve-store.ts';

const script = fileURLToPath(new URL('../support/tracking_client.py', import.meta.url));

/** What MLflow's client saw, as `tracking_client.py` prints it. */
const runClient = async (trackingUri: string, options: { readonly name: string; readonly folder: string; readonly megabytes: number }): Promise<unknown> => {
  const { name, folder, megabytes } = options;
  const output = await run({ file: pythonPath(), args: [script, trackingUri, name, String(megabytes)], cwd: folder });
  const line = output.stdout.split('\n').find((one) => one.startsWith('SEEN '));
  if (line === undefined) throw new Error(`The client failed: ${output.stderr.slice(-3000)}`);
  return JSON.parse(line.slice('SEEN '.length)) as unknown;
};

const expected = (name: string): object => ({
  experiment: [{ team: 'red' }, [name]],
  parent: {
    status: 'FINISHED',
    params: { lr: '0.1', depth: '3', long: 6000 },
    loss: 0.2,
    nan: 'nan',
    history: [0, 1, 2, 3, 4].map((step) => [step, 1 / (step + 1)]),
    dataset: [['wine', 'training']],
    note: 'a *note*',
  },
  artifacts: ['figures', 'notes', 'table.json'],
  figure: [['figures/plot.png', true]],
  text: 'hello é',
  table: [1, 2],
  children: [
    ['2', '1', '0'],
    [2, 1, 0],
    ['child 2', 'child 1', 'child 0'],
  ],
  pages: [2, 3],
  autolog: { C: '2.0', has_metrics: true, dataset: 1, outputs: 1, tags: 'LogisticRegression' },
  prediction: [0, 0, 0, 1, 1, 1],
  async: [200, 20, 20],
  large: [true, true],
  resumed: 0.01,
  names: ['async', 'autolog', 'child 0', 'child 1', 'child 2', 'parent'],
});

test('a notebook’s day over HTTP, with artifacts of 200 MB', { timeout: 420_000 }, async () => {
  const path = join(newTempFolder(), 'mlflow.db');
  const server = await serveStore(path);
  expect(await runClient(server.url, { name: 'wine', folder: dirname(path), megabytes: 200 })).toEqual(expected('wine'));
});

test('a server that asks for a token takes it as mlflow sends it, from variables and from the file of credentials', async () => {
  const token = 'a-token-of-our-own-0123456789';
  const { url } = await serveStore(join(newTempFolder(), 'mlflow.db'), { token });
  const [nobody, home] = [newTempFolder(), newTempFolder()];
  mkdirSync(join(home, '.mlflow'));
  writeFileSync(join(home, '.mlflow', 'credentials'), `[mlflow]\nmlflow_tracking_username = anybody\nmlflow_tracking_password = ${token}\n`);
  const environments = [
    { HOME: nobody, MLFLOW_TRACKING_TOKEN: token },
    { HOME: nobody, MLFLOW_TRACKING_USERNAME: 'anybody', MLFLOW_TRACKING_PASSWORD: token },
    // Python prefers the file, and sends it as a password.
    { HOME: home, MLFLOW_TRACKING_TOKEN: 'is not sent' },
    { HOME: nobody, MLFLOW_TRACKING_TOKEN: 'wrong' },
    { HOME: nobody },
  ];
  const script = fileURLToPath(new URL('../support/log_with.py', import.meta.url));
  const { stdout } = await run({ file: pythonPath(), args: [script, url, JSON.stringify(environments)] });
  const refused = expect.stringContaining('A token is needed: as MLFLOW_TRACKING_TOKEN') as unknown;
  expect(JSON.parse(stdout.trim().split('\n').at(-1) ?? '')).toEqual(['RUNNING', 'RUNNING', 'RUNNING', refused, refused]);
});
