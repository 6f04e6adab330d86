import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';

import { outputOf, recordedEnd, stateOf } from '../support/run-site.ts';
import { alive, pidsOf, runsForFile } from '../support/runs-for-file.ts';

const site = runsForFile();

describe('stopping', () => {
  test('ends the whole tree and the run is KILLED', async () => {
    const run = await site.submit('echo pid=$$; (echo pid=$BASHPID; sleep 1000) & sleep 1000');
    const pids = await pidsOf(run, 2);
    run.stop();
    expect(await recordedEnd(run)).toMatchObject({ outcome: { status: 'KILLED' } });
    expect((await site.inStore(run)).status).toBe('KILLED');
    expect(await alive(pids)).toBe(0);
    expect(await outputOf(run)).toContain(`=== Run (ID '${run.plan.runId}') stopped ===`);
  });

  test('a script that ignores INT and TERM is killed', async () => {
    const run = await site.submit(`trap '' INT TERM; echo pid=$$; while :; do sleep 0.1; done`);
    const pids = await pidsOf(run, 1);
    run.stop();
    await recordedEnd(run);
    expect(await alive(pids)).toBe(0);
  });

  test.runIf(process.platform === 'linux')('daemons end too', async () => {
    const run = await site.submit(`(setsid bash -c 'echo pid=$$; exec sleep 1000' &); sleep 1000`);
    const pids = await pidsOf(run, 1);
    run.stop();
    await recordedEnd(run);
    expect(await alive(pids)).toBe(0);
  });

  test.runIf(process.platform === 'linux')('fifty programs that ignore signals end too, half of them in sessions of their own', async () => {
    const stubborn = `bash -c 'trap "" INT TERM; echo pid=$$; while :; do sleep 0.5; done' &`;
    const run = await site.submit(`for i in $(seq 25); do ${stubborn} (setsid ${stubborn}) done; wait`);
    const pids = await pidsOf(run, 50);
    run.stop();
    expect(await recordedEnd(run)).toMatchObject({ outcome: { status: 'KILLED' } });
    expect(await alive(pids)).toBe(0);
  });

  test('a run that its script had ended before keeps the script’s word', async () => {
    const run = await site.submit('echo pid=$$; sleep 1000');
    await pidsOf(run, 1);
    await site.runs.store.tracking.updateRun({ runId: run.plan.runId, status: 'FINISHED', endTime: 5 });
    run.stop();
    await recordedEnd(run);
    expect(await site.inStore(run)).toMatchObject({ status: 'FINISHED', endTime: 5 });
  });

  test('a script that ends its run when it is interrupted was stopped all the same', async () => {
    const request = site.runs.request(`trap 'while [ ! -e ended ]; do sleep 0.1; done; exit 1' INT; echo pid=$$; while :; do sleep 0.1; done`);
    const run = await site.start(request, { ...site.runs.site, grace: { interrupt: 60_000, terminate: 0 } });
    await pidsOf(run, 1);
    run.stop();
    await stateOf(run, ({ phase }) => phase === 'stopping');
    await site.runs.store.tracking.updateRun({ runId: run.plan.runId, status: 'FAILED', endTime: Date.now() });
    writeFileSync(join(site.runs.folder, 'ended'), '');
    await recordedEnd(run);
    expect((await site.inStore(run)).status).toBe('KILLED');
  });
});
