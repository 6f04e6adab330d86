import { mkdtempSync, writeFileSync } from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { describe, expect, onTestFinished, test } from 'vitest';

import { canMount, runMounted } from '../support/mounted.ts';
import { outputOf, recordedEnd } from '../support/run-site.ts';
import { runsForFile } from '../support/runs-for-file.ts';

const site = runsForFile();

describe('a run', () => {
  test('that succeeds is FINISHED, with its output kept', async () => {
    const run = await site.submit('echo to stdout; echo to stderr >&2');
    expect(await recordedEnd(run)).toMatchObject({ outcome: { status: 'FINISHED' } });
    expect(await site.inStore(run)).toMatchObject({ status: 'FINISHED', endTime: expect.any(Number) });
    expect(await outputOf(run)).toBe(
      `=== Running command 'echo to stdout; echo to stderr >&2' in run with ID '${run.plan.runId}' ===\nto stdout\nto stderr\n=== Run (ID '${run.plan.runId}') succeeded ===\n`,
    );
  });

  test('that fails is FAILED, with its exit code', async () => {
    const run = await site.submit('exit 7');
    expect(await recordedEnd(run)).toMatchObject({ outcome: { status: 'FAILED', at: 'command', reason: 'The command ended with exit code 7' } });
    expect((await site.inStore(run)).status).toBe('FAILED');
  });

  test('sees what `mlflow run` would show it', async () => {
    const run = await site.submit('echo "$PWD|$MLFLOW_RUN_ID|$MLFLOW_EXPERIMENT_ID|$MLFLOW_TRACKING_URI|$PYTHONUNBUFFERED|$ELECTRON_RUN_AS_NODE|$*"');
    await recordedEnd(run);
    expect(await outputOf(run)).toContain(`\n${site.runs.folder}|${run.plan.runId}|0|sqlite:///${site.runs.folder}/mlflow.db|1||\n`);
  });

  test('carries the tags and params of MLflow', async () => {
    const run = await site.submit('true', { note: 'a b' });
    await recordedEnd(run);
    const { params, tags, info } = await site.runs.store.tracking.getRun(run.plan.runId);
    expect(params).toEqual([{ key: 'note', value: "'a b'" }]);
    expect(new Map(tags.map(({ key, value }) => [key, value]))).toEqual(
      new Map([
        ['mlflow.user', info.userId],
        ['mlflow.source.name', site.runs.folder],
        ['mlflow.source.type', 'PROJECT'],
        ['mlflow.project.entryPoint', 'main'],
        ['mlflow.project.backend', 'local'],
        ['mlflow.runName', info.runName],
      ]),
    );
  });

  test('whose command is wrong is FAILED, and says why', async () => {
    const run = await site.submit('echo {nothing}');
    expect(await recordedEnd(run)).toMatchObject({ outcome: { status: 'FAILED', at: 'start' } });
    expect(await site.inStore(run)).toMatchObject({ status: 'FAILED' });
    const { tags } = await site.runs.store.tracking.getRun(run.plan.runId);
    expect(tags).toContainEqual({ key: 'mlflow-workbench.failure', value: expect.stringContaining('{nothing} is not one of its parameters') });
    expect(await outputOf(run)).toContain('{nothing}');
  });

  test('whose command fails is FAILED, whatever its script has said', async () => {
    const run = await site.submit('while [ ! -e go ]; do sleep 0.1; done; exit 1');
    await site.runs.store.tracking.updateRun({ runId: run.plan.runId, status: 'FINISHED', endTime: 5 });
    writeFileSync(join(site.runs.folder, 'go'), '');
    const end = await recordedEnd(run);
    expect(await site.inStore(run)).toMatchObject({ status: 'FAILED', endTime: end.phase === 'ended' ? end.endTime : 0 });
  });

  test('without a value for a required parameter is none at all', async () => {
    const request = site.runs.request('echo {a}');
    const needy = { ...request, entryPoint: { ...request.entryPoint, parameters: [{ name: 'a', type: 'string' }] } };
    await expect(site.start(needy)).rejects.toThrow("No value given for missing parameters: 'a'");
    expect((await site.runs.store.tracking.searchRuns({ experimentIds: [request.experimentId], maxResults: 10 })).items).toEqual([]);
  });

  test('with a name that no store takes is FAILED, not left RUNNING', async () => {
    await expect(site.submit('true', { 'a b': '1' })).rejects.toThrow("'a b'");
    const { items } = await site.runs.store.tracking.searchRuns({ experimentIds: [site.runs.request('').experimentId], maxResults: 10 });
    expect(items.map(({ info }) => info.status)).toEqual(['FAILED']);
  });

  test.runIf(process.platform === 'linux')('with a value that no program can receive is FAILED with the reason', async () => {
    const request = site.runs.request('echo {s}');
    const entryPoint = { ...request.entryPoint, parameters: [{ name: 's', type: 'string' as const }] };
    const long = { ...request, entryPoint, values: new Map([['s', 'x'.repeat(200_000)]]) };
    const run = await site.start(long);
    const end = await recordedEnd(run);
    expect(end).toMatchObject({ outcome: { status: 'FAILED', at: 'start', reason: expect.stringContaining('E2BIG') } });
    expect((await site.inStore(run)).status).toBe('FAILED');
  });

  test('writes binary and endless lines as they are', async () => {
    const run = await site.submit(`head -c 3000000 /dev/zero; printf '\\377\\000'`);
    await recordedEnd(run);
    expect((await readFile(run.folder.outputFile)).includes(Buffer.concat([Buffer.alloc(3_000_000), Buffer.from([0xff, 0])]))).toBe(true);
  });
});

test.runIf(process.platform === 'linux')('a hundred megabytes without an end of line are kept, and nobody holds them in memory', async () => {
  const run = await site.submit(`head -c 100000000 /dev/zero; echo; grep VmHWM /proc/$PPID/status`);
  await recordedEnd(run);
  const output = await open(run.folder.outputFile);
  onTestFinished(async () => await output.close());
  const { size } = await output.stat();
  expect(size).toBeGreaterThan(100_000_000);
  const { buffer } = await output.read({ buffer: Buffer.alloc(1_000), position: size - 1_000 });
  const [, kilobytes] = /VmHWM:\s+(\d+) kB/.exec(buffer.toString()) ?? [];
  expect(Number(kilobytes)).toBeLessThan(200_000);
});

test.runIf(canMount)('a disk that the output fills neither stops the run nor hides how it ended', () => {
  const script = fileURLToPath(new URL('../support/fill-disk-of-run.ts', import.meta.url));
  const disk = mkdtempSync(join(tmpdir(), 'disk-'));
  expect(runMounted('mount -t tmpfs -o size=2m tmpfs "$1"', disk, script)).toMatchObject({
    state: { phase: 'ended', outcome: { status: 'FAILED', at: 'command' }, recorded: true },
    status: 'FAILED',
    printed: expect.any(Number),
    after: true,
  });
});
