import { describe, expect, onTestFinished, test } from 'vitest';

import { listRunFolders, RunFolder, type RunState } from '../../extension/projects/run-folder.ts';
import { SubmittedRun } from '../../extension/projects/submitted-run.ts';
import { newControlAddress, serveControl, type ControlServer } from '../../extension/shared/control.ts';
import { outputOf, recordedEnd, stateOf, supervisorOf } from '../support/run-site.ts';
import { alive, pidsOf, runsForFile } from '../support/runs-for-file.ts';

const site = runsForFile();

describe('when the editor is gone', () => {
  test('a run goes on, is found again, and can be stopped', async () => {
    const first = await site.submit('echo pid=$$; sleep 1000');
    const pids = await pidsOf(first, 1);
    site.leave(first);
    const again = site.own(await SubmittedRun.attach(first.folder, first.plan));
    await stateOf(again, ({ phase }) => phase === 'running');
    again.stop();
    expect(await recordedEnd(again)).toMatchObject({ outcome: { status: 'KILLED' } });
    expect(await alive(pids)).toBe(0);
  });

  test('a run that ended meanwhile is found as it ended', async () => {
    const first = await site.submit('exit 3');
    await recordedEnd(first);
    const again = await SubmittedRun.attach(first.folder, first.plan);
    expect(again.state).toMatchObject({ phase: 'ended', recorded: true, outcome: { status: 'FAILED' } });
  });
});

/** What another window does that finds the run as soon as its files are there. */
const attachWhileItStarts = async (): Promise<SubmittedRun> => {
  for (;;) {
    for (const folder of (await listRunFolders(site.runs.site.root)).values()) {
      const plan = await folder.readPlan();
      if (plan !== undefined) return await SubmittedRun.attach(folder, plan);
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
};

test('a window that opens while another one starts a run does not take it for lost', async () => {
  const [run, seen] = await Promise.all([site.submit('exit 0'), attachWhileItStarts()]);
  site.own(seen);
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
  const ended = await site.submit('exit 0');
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
    const run = await site.submit('echo pid=$$; echo before; sleep 1000');
    const pids = await pidsOf(run, 1);
    process.kill(await supervisorOf(run), 'SIGKILL');
    expect(await stateOf(run, (state) => state.phase === 'ended')).toMatchObject({ outcome: { status: 'FAILED', at: 'lost' }, recorded: false });
    expect(await alive(pids)).toBe(0);
    expect(await outputOf(run)).toContain('before');
  });

  test.runIf(process.platform === 'linux')('a terminating signal stops the run in order', async () => {
    const run = await site.submit('echo pid=$$; sleep 1000');
    const pids = await pidsOf(run, 1);
    process.kill(await supervisorOf(run), 'SIGTERM');
    expect(await recordedEnd(run)).toMatchObject({ outcome: { status: 'KILLED' } });
    expect(await alive(pids)).toBe(0);
  });
});
