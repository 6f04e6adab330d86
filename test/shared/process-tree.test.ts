import { createInterface } from 'node:readline';

import { afterEach, describe, expect, test } from 'vitest';

import { start as startProcess, userEnvironment, type RunningProcess } from '../../extension/shared/process.ts';
import { identify, isRunning, killTree, type ProcessIdentity } from '../../extension/shared/process-tree.ts';

const grace = { interrupt: 300, terminate: 300 };

let marker: `TEST_MARKER=${string}`;
let root: ProcessIdentity;
let child: RunningProcess;

/** Runs a bash script in a group of its own; resolves when it has printed `count` process ids. */
const start = async (script: string, count: number): Promise<readonly ProcessIdentity[]> => {
  const value = crypto.randomUUID();
  marker = `TEST_MARKER=${value}`;
  const command = { file: 'bash', args: ['-c', script], env: { ...userEnvironment(), TEST_MARKER: value } };
  child = await startProcess(command, { detached: true, streams: ['ignore', 'pipe', 'inherit'] });
  root = await identified(child.pid);
  const pids = await firstLines(child, count);
  return await Promise.all(pids.map(async (pid) => await identified(Number(pid))));
};

const firstLines = async ({ stdout }: RunningProcess, count: number): Promise<readonly string[]> => {
  const lines: string[] = [];
  if (stdout === null) return lines;
  for await (const line of createInterface({ input: stdout })) {
    if (lines.push(line) === count) break;
  }
  return lines;
};

const identified = async (pid: number): Promise<ProcessIdentity> => {
  const identity = await identify(pid);
  if (identity === undefined) throw new Error(`No process ${pid}`);
  return identity;
};

const running = async (identities: readonly ProcessIdentity[]): Promise<number> => (await Promise.all(identities.map(isRunning))).filter(Boolean).length;

afterEach(async () => {
  await killTree(root, { grace: { interrupt: 0, terminate: 0 }, marker });
});

describe('killTree', () => {
  test('children and grandchildren end with their root', async () => {
    const all = await start('bash -c "sleep 1000 & echo \\$!; echo \\$\\$; wait" & echo $!; wait', 3);
    expect(await running(all)).toBeGreaterThan(0);
    expect(await killTree(root, { grace, marker })).toBe(true);
    expect(await running([...all, root])).toBe(0);
  });

  test('a process that ignores INT and TERM is killed', async () => {
    const all = await start(`trap '' INT TERM; echo $$; while :; do sleep 0.1; done`, 1);
    expect(await killTree(root, { grace, marker })).toBe(true);
    expect(await running(all)).toBe(0);
    expect(await child.ended).toEqual({ code: null, signal: 'SIGKILL' });
  });

  test('a process that handles INT ends in its own way', async () => {
    await start(`trap 'exit 3' INT; echo $$; while :; do sleep 0.1; done`, 1);
    expect(await killTree(root, { grace, marker })).toBe(true);
    expect(await child.ended).toEqual({ code: 3, signal: null });
  });

  test.runIf(process.platform === 'linux')('a daemon in a session of its own, whose parent has ended, is found by the marker', async () => {
    const [daemon] = await start('(setsid bash -c "echo \\$\\$; exec sleep 1000" &) ; sleep 1000', 1);
    if (daemon === undefined) throw new Error('No daemon');
    expect(await killTree(root, { grace, marker })).toBe(true);
    expect(await isRunning(daemon)).toBe(false);
  });

  test('a stranger that has the id of a root of before is left alone, with all that it has started', async () => {
    const all = await start('sleep 1000 & echo $!; echo $$; wait', 2);
    expect(await killTree({ ...root, started: 'before the last restart' }, { grace })).toBe(true);
    expect(await running(all)).toBe(2);
  });

  test('what has ended before leaves nothing to do', async () => {
    await start('echo $$', 1).catch(() => undefined);
    await child.ended;
    expect(await killTree(root, { grace, marker })).toBe(true);
  });
});

test('an identity with another start time is another process', async () => {
  const own = await identified(process.pid);
  expect(await isRunning(own)).toBe(true);
  expect(await isRunning({ ...own, started: 'earlier' })).toBe(false);
});
