import { chmodSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

import { buildImage, imageNameFor, whyNoImageName } from '../../extension/models/container-image.ts';
import type { MlflowRun } from '../../extension/models/mlflow-command.ts';
import { identify } from '../../extension/shared/process-tree.ts';
import { newServingSite, standIn } from '../support/serving-site.ts';

/** Programs in the place of Python's mlflow and of docker; each writes down what it was started with. */
const newSite = (docker: string) => {
  const { folder } = newServingSite();
  const engine = join(folder, 'docker');
  writeFileSync(engine, `#!${process.execPath}\n${docker}\n`);
  chmodSync(engine, 0o755);
  const record = (name: string): string => `require('node:fs').writeFileSync(${JSON.stringify(join(folder, name))}, JSON.stringify(process.argv.slice(2)));`;
  const interpreter = standIn(folder, `${record('mlflow.json')} console.log('wrote a Dockerfile');`);
  const started = async (name: string): Promise<unknown> => JSON.parse(await readFile(join(folder, name), 'utf8'));
  const runOf = (onLine: (line: string) => void): Omit<MlflowRun, 'args'> => ({
    request: { modelUri: 'models:/wine/3', manager: 'local', variables: [], interpreter, workspaceFolder: folder },
    allowed: [],
    onLine,
  });
  return { folder, engine, record, started, runOf };
};

describe('a container image', () => {
  test("is built by the engine from mlflow's own Dockerfile", async () => {
    const site = newSite('');
    writeFileSync(site.engine, `#!${process.execPath}\n${site.record('docker.json')} console.log('Step 1/9');\n`);
    const lines: string[] = [];
    const build = { engine: site.engine, image: 'wine:3', folder: site.folder };
    await buildImage(
      site.runOf((line) => lines.push(line)),
      build,
      new AbortController().signal,
    );
    expect(await site.started('mlflow.json')).toEqual([
      ...['-m', 'mlflow', 'models', 'generate-dockerfile'],
      ...['--model-uri', 'models:/wine/3', '--output-directory', site.folder],
    ]);
    expect(await site.started('docker.json')).toEqual(['build', '--tag', 'wine:3', site.folder]);
    expect(lines).toEqual(['wrote a Dockerfile', 'Step 1/9']);
  });

  test('that is not built tells what the engine said last', async () => {
    const site = newSite(`console.error('Step 1/9'); console.error('no space left on device'); process.exit(1);`);
    const build = buildImage(
      site.runOf(() => {}),
      { engine: site.engine, image: 'wine', folder: site.folder },
      new AbortController().signal,
    );
    await expect(build).rejects.toThrow('has not built wine (it ended with 1): no space left on device');
  });

  test('that is given up ends the engine', async () => {
    const site = newSite(`console.log('pid=' + process.pid); setInterval(() => {}, 1000);`);
    const { promise, resolve } = Promise.withResolvers<number>();
    const giveUp = new AbortController();
    const onLine = (line: string): void => {
      if (line.startsWith('pid=')) resolve(Number(line.slice(4)));
    };
    const build = buildImage(site.runOf(onLine), { engine: site.engine, image: 'wine', folder: site.folder }, giveUp.signal);
    const pid = await promise;
    giveUp.abort();
    await expect(build).rejects.toThrow(/abort/i);
    expect(await identify(pid)).toBeUndefined();
  });
});

test.each([
  ['wine@champion', 'wine-champion'],
  ['Wine Quality/3', 'wine-quality-3'],
  ['酒', 'model'],
])('the model %s is offered as the image %s', (label, image) => {
  expect(imageNameFor(label)).toBe(image);
  expect(whyNoImageName(image)).toBeUndefined();
});

test.each(['', 'Wine', 'wine:', '-wine', 'wi ne', '--tag', 'a/../b$(x)'])('%j is no name of an image', (text) => {
  expect(whyNoImageName(text)).toMatch(/lower case/);
});

test.each(['wine', 'wine:1.0', 'team/wine', 'localhost:5000/team/wine:A1'])('%s is one', (text) => {
  expect(whyNoImageName(text)).toBeUndefined();
});
