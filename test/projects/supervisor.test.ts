import { existsSync, mkdtempSync, watch, writeFileSync } from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';

import { logOutput } from '../../extension/projects/output-artifact.ts';
import { newControlAddress, serveControl, type ControlServer } from '../../extension/shared/control.ts';
import { listRunFolders, RunFolder, type RunState } from '../../extension/projects/run-folder.ts';
import { submitRun } from '../../extension/projects/submit-run.ts';
import { SubmittedRun } from '../../extension/projects/submitted-run.ts';
import { identify } from '../../extension/shared/process-tree.ts';
import { userEnvironment } from '../../extension/shared/process.ts';
import { canMount, runMounted } from '../support/mounted.ts';
import { newTestRuns, outputOf, recordedEnd, stateOf, supervisorOf, type TestRuns } from '../support/run-site.ts';

/** Each run starts a server and a supervisor; a busy machine takes its time. */
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let runs: TestRuns;
let started: SubmittedRun[];

beforeEach(async () => {
  runs = await newTestRuns();
  started = [];
});

afterEach(async () => {
  for (const run of started) {
    if (!run.hasEnded) run.stop();
    await stateOf(run, (state) => state.phase === 'ended');
    run.dispose();
  }
});

const submit = async (command: string, values?: Readonly<Record<string, string>>): Promise<SubmittedRun> => {
  const run = await submitRun(runs.request(command, values), runs.store, runs.site);
  started.push(run);
  return run;
};

const inStore = async (run: SubmittedRun) => (await runs.store.tracking.getRun(run.plan.runId)).info;

const isRunningState = (state: RunState): boolean => state.phase === 'running';

/** Resolves with the numbers that the run's output shows as `pid=…`, once there are so many. */
const pidsOf = async (run: SubmittedRun, count: number): Promise<readonly number[]> => {
  const find = async (): Promise<number[]> => [...(await outputOf(run)).matchAll(/^pid=(\d+)$/gm)].map(([, pid]) => Number(pid));
  const { promise, resolve } = Promise.withResolvers<readonly number[]>();
  const look = (): void => void find().then((pids) => pids.length >= count && resolve(pids));
  const watcher = watch(run.folder.outputFile, look);
  look();
  const pids = await promise;
  watcher.close();
  return pids;
};

const alive = async (pids: readonly number[]): Promise<number> => (await Promise.all(pids.map(identify))).filter((identity) => identity !== undefined).length;

describe('a run', () => {
  test('that succeeds is FINISHED, with its output kept', async () => {
    const run = await submit('echo to stdout; echo to stderr >&2');
    expect(await recordedEnd(run)).toMatchObject({ outcome: { status: 'FINISHED' } });
    expect(await inStore(run)).toMatchObject({ status: 'FINISHED', endTime: expect.any(Number) });
    expect(await outputOf(run)).toBe(
      `=== Running command 'echo to stdout; echo to stderr >&2' in run with ID '${run.plan.runId}' ===\nto stdout\nto stderr\n=== Run (ID '${run.plan.runId}') succeeded ===\n`,
    );
  });

  test('that fails is FAILED, with its exit code', async () => {
    const run = await submit('exit 7');
    expect(await recordedEnd(run)).toMatchObject({ outcome: { status: 'FAILED', at: 'command', reason: 'The command ended with exit code 7' } });
    expect((await inStore(run)).status).toBe('FAILED');
  });

  test('sees what `mlflow run` would show it', async () => {
    const run = await submit('echo "$PWD|$MLFLOW_RUN_ID|$MLFLOW_EXPERIMENT_ID|$MLFLOW_TRACKING_URI|$PYTHONUNBUFFERED|$ELECTRON_RUN_AS_NODE|$*"');
    await recordedEnd(run);
    expect(await outputOf(run)).toContain(`\n${runs.folder}|${run.plan.runId}|0|sqlite:///${runs.folder}/mlflow.db|1||\n`);
  });

  test('carries the tags and params of MLflow', async () => {
    const run = await submit('true', { note: 'a b' });
    await recordedEnd(run);
    const { params, tags, info } = await runs.store.tracking.getRun(run.plan.runId);
    expect(params).toEqual([{ key: 'note', value: "'a b'" }]);
    expect(new Map(tags.map(({ key, value }) => [key, value]))).toEqual(
      new Map([
        ['mlflow.user', info.userId],
        ['mlflow.source.name', runs.folder],
        ['mlflow.source.type', 'PROJECT'],
        ['mlflow.project.entryPoint', 'main'],
        ['mlflow.project.backend', 'local'],
        ['mlflow.runName', info.runName],
      ]),
    );
  });

  test('whose command is wrong is FAILED, and says why', async () => {
    const run = await submit('echo {nothing}');
    expect(await recordedEnd(run)).toMatchObject({ outcome: { status: 'FAILED', at: 'start' } });
    expect(await inStore(run)).toMatchObject({ status: 'FAILED' });
    const { tags } = await runs.store.tracking.getRun(run.plan.runId);
    expect(tags).toContainEqual({ key: 'mlflow-workbench.failure', value: expect.stringContaining('{nothing} is not one of its parameters') });
    expect(await outputOf(run)).toContain('{nothing}');
  });

  test('whose command fails is FAILED, whatever its script has said', async () => {
    const run = await submit('while [ ! -e go ]; do sleep 0.1; done; exit 1');
    await runs.store.tracking.updateRun({ runId: run.plan.runId, status: 'FINISHED', endTime: 5 });
    writeFileSync(join(runs.folder, 'go'), '');
    const end = await recordedEnd(run);
    expect(await inStore(run)).toMatchObject({ status: 'FAILED', endTime: end.phase === 'ended' ? end.endTime : 0 });
  });

  test('without a value for a required parameter is none at all', async () => {
    const request = runs.request('echo {a}');
    const needy = { ...request, entryPoint: { ...request.entryPoint, parameters: [{ name: 'a', type: 'string' }] } };
    await expect(submitRun(needy, runs.store, runs.site)).rejects.toThrow("No value given for missing parameters: 'a'");
    expect((await runs.store.tracking.searchRuns({ experimentIds: [request.experimentId], maxResults: 10 })).items).toEqual([]);
  });

  test('with a name that no store takes is FAILED, not left RUNNING', async () => {
    await expect(submit('true', { 'a b': '1' })).rejects.toThrow("'a b'");
    const { items } = await runs.store.tracking.searchRuns({ experimentIds: [runs.request('').experimentId], maxResults: 10 });
    expect(items.map(({ info }) => info.status)).toEqual(['FAILED']);
  });

  test.runIf(process.platform === 'linux')('with a value that no program can receive is FAILED with the reason', async () => {
    const request = runs.request('echo {s}');
    const entryPoint = { ...request.entryPoint, parameters: [{ name: 's', type: 'string' as const }] };
    const long = { ...request, entryPoint, values: new Map([['s', 'x'.repeat(200_000)]]) };
    const run = await submitRun(long, runs.store, runs.site);
    started.push(run);
    const end = await recordedEnd(run);
    expect(end).toMatchObject({ outcome: { status: 'FAILED', at: 'start', reason: expect.stringContaining('E2BIG') } });
    expect((await inStore(run)).status).toBe('FAILED');
  });

  test('writes binary and endless lines as they are', async () => {
    const run = await submit(`head -c 3000000 /dev/zero; printf '\\377\\000'`);
    await recordedEnd(run);
    expect((await readFile(run.folder.outputFile)).includes(Buffer.concat([Buffer.alloc(3_000_000), Buffer.from([0xff, 0])]))).toBe(true);
  });
});

test.runIf(process.platform === 'linux')('a hundred megabytes without an end of line are kept, and nobody holds them in memory', async () => {
  const run = await submit(`head -c 100000000 /dev/zero; echo; grep VmHWM /proc/$PPID/status`);
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

describe('output as an artifact', () => {
  test('is what was printed, and only on demand', async () => {
    const run = await submitRun({ ...runs.request('echo kept'), logsOutput: true }, runs.store, runs.site);
    started.push(run);
    await recordedEnd(run);
    const file = join(run.plan.artifactUri.replace(/^file:\/\//, ''), 'stdout.log');
    expect(await readFile(file, 'utf8')).toBe(await outputOf(run));
    const plain = await submit('echo not kept');
    await recordedEnd(plain);
    expect(existsSync(join(plain.plan.artifactUri.replace(/^file:\/\//, ''), 'stdout.log'))).toBe(false);
  });

  test('goes through mlflow where artifacts are no files', async () => {
    const folder = new RunFolder(join(runs.folder, 'remote'));
    const interpreter = join(runs.folder, 'python');
    writeFileSync(interpreter, `#!/bin/sh\nprintf '%s\\n' "$MLFLOW_RUN_ID" "$@" > '${runs.folder}/called'\ncat "$6" >> '${runs.folder}/called'\n`, {
      mode: 0o755,
    });
    const { plan } = await submit('true');
    const remote = { ...plan, artifactUri: 's3://bucket/artifacts', environment: { manager: 'local', interpreter } } as const;
    await folder.create(remote);
    writeFileSync(folder.outputFile, 'said\n');
    await logOutput(remote, folder, userEnvironment());
    expect((await readFile(join(runs.folder, 'called'), 'utf8')).split('\n')).toEqual([
      plan.runId,
      '-m',
      'mlflow',
      'artifacts',
      'log-artifact',
      '--local-file',
      join(folder.path, 'stdout.log'),
      '--run-id',
      plan.runId,
      'said',
      '',
    ]);
  });
});

describe('stopping', () => {
  test('ends the whole tree and the run is KILLED', async () => {
    const run = await submit('echo pid=$$; (echo pid=$BASHPID; sleep 1000) & sleep 1000');
    const pids = await pidsOf(run, 2);
    run.stop();
    expect(await recordedEnd(run)).toMatchObject({ outcome: { status: 'KILLED' } });
    expect((await inStore(run)).status).toBe('KILLED');
    expect(await alive(pids)).toBe(0);
    expect(await outputOf(run)).toContain(`=== Run (ID '${run.plan.runId}') stopped ===`);
  });

  test('a script that ignores INT and TERM is killed', async () => {
    const run = await submit(`trap '' INT TERM; echo pid=$$; while :; do sleep 0.1; done`);
    const pids = await pidsOf(run, 1);
    run.stop();
    await recordedEnd(run);
    expect(await alive(pids)).toBe(0);
  });

  test.runIf(process.platform === 'linux')('daemons end too', async () => {
    const run = await submit(`(setsid bash -c 'echo pid=$$; exec sleep 1000' &); sleep 1000`);
    const pids = await pidsOf(run, 1);
    run.stop();
    await recordedEnd(run);
    expect(await alive(pids)).toBe(0);
  });

  test.runIf(process.platform === 'linux')('fifty programs that ignore signals end too, half of them in sessions of their own', async () => {
    const stubborn = `bash -c 'trap "" INT TERM; echo pid=$$; while :; do sleep 0.5; done' &`;
    const run = await submit(`for i in $(seq 25); do ${stubborn} (setsid ${stubborn}) done; wait`);
    const pids = await pidsOf(run, 50);
    run.stop();
    expect(await recordedEnd(run)).toMatchObject({ outcome: { status: 'KILLED' } });
    expect(await alive(pids)).toBe(0);
  });

  test('a run that its script had ended before keeps the script’s word', async () => {
    const run = await submit('echo pid=$$; sleep 1000');
    await pidsOf(run, 1);
    await runs.store.tracking.updateRun({ runId: run.plan.runId, status: 'FINISHED', endTime: 5 });
    run.stop();
    await recordedEnd(run);
    expect(await inStore(run)).toMatchObject({ status: 'FINISHED', endTime: 5 });
  });

  test('a script that ends its run when it is interrupted was stopped all the same', async () => {
    const request = runs.request(`trap 'while [ ! -e ended ]; do sleep 0.1; done; exit 1' INT; echo pid=$$; while :; do sleep 0.1; done`);
    const run = await submitRun(request, runs.store, { ...runs.site, grace: { interrupt: 60_000, terminate: 0 } });
    started.push(run);
    await pidsOf(run, 1);
    run.stop();
    await stateOf(run, ({ phase }) => phase === 'stopping');
    await runs.store.tracking.updateRun({ runId: run.plan.runId, status: 'FAILED', endTime: Date.now() });
    writeFileSync(join(runs.folder, 'ended'), '');
    await recordedEnd(run);
    expect((await inStore(run)).status).toBe('KILLED');
  });
});

describe('when the editor is gone', () => {
  test('a run goes on, is found again, and can be stopped', async () => {
    const first = await submit('echo pid=$$; sleep 1000');
    const pids = await pidsOf(first, 1);
    first.dispose();
    started = [];
    const again = await SubmittedRun.attach(first.folder, first.plan);
    started.push(again);
    await stateOf(again, isRunningState);
    again.stop();
    expect(await recordedEnd(again)).toMatchObject({ outcome: { status: 'KILLED' } });
    expect(await alive(pids)).toBe(0);
  });

  test('a run that ended meanwhile is found as it ended', async () => {
    const first = await submit('exit 3');
    await recordedEnd(first);
    const again = await SubmittedRun.attach(first.folder, first.plan);
    expect(again.state).toMatchObject({ phase: 'ended', recorded: true, outcome: { status: 'FAILED' } });
  });
});

/** What another window does that finds the run as soon as its files are there. */
const attachWhileItStarts = async (): Promise<SubmittedRun> => {
  for (;;) {
    for (const folder of (await listRunFolders(runs.site.root)).values()) {
      const plan = await folder.readPlan();
      if (plan !== undefined) return await SubmittedRun.attach(folder, plan);
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
};

test('a window that opens while another one starts a run does not take it for lost', async () => {
  const [run, seen] = await Promise.all([submit('exit 0'), attachWhileItStarts()]);
  started.push(seen);
  expect(await recordedEnd(run)).toMatchObject({ outcome: { status: 'FINISHED' } });
  expect(await stateOf(seen, (state) => state.phase === 'ended')).toMatchObject({ outcome: { status: 'FINISHED' } });
});

/** A supervisor begins whenever somebody looks at its run's state. */
class BeginningFolder extends RunFolder {
  readonly control: string;
  server: ControlServer | undefined;

  constructor(path: string, control: string) {
    super(path);
    this.control = control;
  }

  override async readState(): Promise<RunState | undefined> {
    this.server ??= await serveControl(this.control, { onWord: () => undefined });
    await this.writeState({ phase: 'preparing' });
    return await super.readState();
  }
}

test('a supervisor that begins between two looks is not lost', async () => {
  const ended = await submit('exit 0');
  await recordedEnd(ended);
  const folder = new BeginningFolder(ended.folder.path, await newControlAddress());
  const seen = await SubmittedRun.attach(folder, { ...ended.plan, control: folder.control, startTime: Date.now() });
  onTestFinished(() => {
    seen.dispose();
    folder.server?.dispose();
  });
  expect(seen).toMatchObject({ isSupervised: true, state: { phase: 'preparing' } });
});

describe('when the supervisor is killed', () => {
  test.runIf(process.platform === 'linux')('nothing of the run is left, and it says that it was lost', async () => {
    const run = await submit('echo pid=$$; echo before; sleep 1000');
    const pids = await pidsOf(run, 1);
    process.kill(await supervisorOf(run), 'SIGKILL');
    expect(await stateOf(run, (state) => state.phase === 'ended')).toMatchObject({ outcome: { status: 'FAILED', at: 'lost' }, recorded: false });
    expect(await alive(pids)).toBe(0);
    expect(await outputOf(run)).toContain('before');
  });

  test.runIf(process.platform === 'linux')('a terminating signal stops the run in order', async () => {
    const run = await submit('echo pid=$$; sleep 1000');
    const pids = await pidsOf(run, 1);
    process.kill(await supervisorOf(run), 'SIGTERM');
    expect(await recordedEnd(run)).toMatchObject({ outcome: { status: 'KILLED' } });
    expect(await alive(pids)).toBe(0);
  });
});
