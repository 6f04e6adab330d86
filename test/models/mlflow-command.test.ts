import { describe, expect, test } from 'vitest';

import { runMlflow, type MlflowRun } from '../../extension/models/mlflow-command.ts';
import { identify } from '../../extension/shared/process-tree.ts';
import { newServingSite, standIn } from '../support/serving-site.ts';

const runOf = (script: string, onLine: (line: string) => void): MlflowRun => {
  const { folder } = newServingSite();
  const interpreter = standIn(folder, script);
  return {
    request: { modelUri: folder, manager: 'local', variables: [], interpreter, workspaceFolder: folder },
    allowed: [],
    args: ['models', 'predict'],
    onLine,
  };
};

const endless = `console.log('pid=' + process.pid); setInterval(() => {}, 1000);`;

describe('mlflow', () => {
  test('that ends well has said what it did, line by line', async () => {
    const lines: string[] = [];
    await runMlflow(
      runOf(`console.log(process.argv.slice(2).join(' ')); console.error('second');`, (line) => lines.push(line)),
      new AbortController().signal,
    );
    expect(lines.toSorted()).toEqual(['-m mlflow models predict', 'second']);
  });

  test('that fails tells its cause', async () => {
    const run = runMlflow(
      runOf(`console.error("MlflowException: the model is broken"); process.exit(1);`, () => {}),
      new AbortController().signal,
    );
    await expect(run).rejects.toThrow('MlflowException: the model is broken');
  });

  test('is ended when it is given up', async () => {
    const { promise, resolve } = Promise.withResolvers<number>();
    const giveUp = new AbortController();
    const run = runMlflow(
      runOf(endless, (line) => resolve(Number(line.replace('pid=', '')))),
      giveUp.signal,
    );
    const pid = await promise;
    giveUp.abort();
    await expect(run).rejects.toThrow(/abort/i);
    expect(await identify(pid)).toBeUndefined();
  });

  test('is ended when it is given up while it starts', async () => {
    const giveUp = new AbortController();
    const run = runMlflow(
      runOf(endless, () => {}),
      giveUp.signal,
    );
    giveUp.abort();
    await expect(run).rejects.toThrow(/abort/i);
  });
});
