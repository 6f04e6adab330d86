import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { run } from './process.ts';

interface ProcessEntry {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  /** Tells two processes apart that had the same pid one after the other. */
  readonly started: string;
}

export interface GraceTimes {
  /** ms after SIGINT (Python's KeyboardInterrupt). */
  readonly interrupt: number;
  /** ms after SIGTERM. */
  readonly terminate: number;
}

const pollInterval = 50;

/**
 * Ends a process and everything that it started: SIGINT, SIGTERM, SIGKILL, each after the grace of the one
 * before; on Windows taskkill. Descendants that left its process group are found by their parents, so
 * they are listed before the first signal and again before each further one.
 */
export const killTree = async (pid: number, grace: GraceTimes = { interrupt: 10_000, terminate: 5_000 }): Promise<void> => {
  if (process.platform === 'win32') {
    await killWindowsTree(pid, grace.interrupt);
    return;
  }
  const members = new Map<number, ProcessEntry>();
  const steps = [
    { signal: 'SIGINT', wait: grace.interrupt },
    { signal: 'SIGTERM', wait: grace.terminate },
    { signal: 'SIGKILL', wait: 2_000 },
  ] as const;
  for (const { signal, wait } of steps) {
    const alive = await collectMembers(pid, members);
    if (alive.length === 0) return;
    signalAll(alive, pid, signal);
    if (await haveEnded(pid, members, wait)) return;
  }
};

/** True when a process of that pid runs (a zombie does not). */
export const isRunning = async (pid: number): Promise<boolean> => {
  if (process.platform !== 'win32') return (await listProcesses()).some((entry) => entry.pid === pid);
  const { stdout } = await run({ file: 'tasklist', args: ['/FI', `PID eq ${pid}`, '/NH', '/FO', 'CSV'] });
  return stdout.includes(`"${pid}"`);
};

/** Adds to `members` who belongs to the tree now, and hands back who of all of them still runs. */
const collectMembers = async (root: number, members: Map<number, ProcessEntry>): Promise<readonly ProcessEntry[]> => {
  const running = await listProcesses();
  const isMember = (entry: ProcessEntry): boolean => entry.pid === root || entry.group === root || members.has(entry.parent) || members.get(entry.pid)?.started === entry.started;
  for (let before = -1; before !== members.size;) {
    before = members.size;
    for (const entry of running) if (isMember(entry) && entry.pid !== process.pid) members.set(entry.pid, members.get(entry.pid) ?? entry);
  }
  return running.filter((entry) => members.get(entry.pid)?.started === entry.started);
};

/** A group gets its signal once: a second SIGINT would cut short what the first one lets Python tidy up. */
const signalAll = (alive: readonly ProcessEntry[], root: number, signal: NodeJS.Signals): void => {
  if (alive.some((entry) => entry.group === root)) sendSignal(-root, signal);
  for (const entry of alive) if (entry.group !== root) sendSignal(entry.pid, signal);
};

const sendSignal = (pid: number, signal: NodeJS.Signals): void => {
  try {
    process.kill(pid, signal);
  } catch (error) {
    // It ended in the meantime.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
};

const haveEnded = async (root: number, members: Map<number, ProcessEntry>, wait: number): Promise<boolean> => {
  for (let waited = 0; waited < wait; waited += pollInterval) {
    if ((await collectMembers(root, members)).length === 0) return true;
    await delay(pollInterval);
  }
  return (await collectMembers(root, members)).length === 0;
};

const killWindowsTree = async (pid: number, wait: number): Promise<void> => {
  await run({ file: 'taskkill', args: ['/PID', String(pid), '/T'] });
  for (let waited = 0; waited < wait; waited += pollInterval) {
    if (!(await isRunning(pid))) return;
    await delay(pollInterval);
  }
  await run({ file: 'taskkill', args: ['/PID', String(pid), '/T', '/F'] });
};

/** Everything that runs, zombies left out. Linux without `ps`, which slim containers lack. */
const listProcesses = async (): Promise<readonly ProcessEntry[]> => (process.platform === 'linux' ? listFromProc() : listFromPs());

const listFromProc = (): readonly ProcessEntry[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => readProcStat(pid) ?? []);

const readProcStat = (pid: string): ProcessEntry | undefined => {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The second field is the program's name in parentheses, which may hold blanks and parentheses.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const [state, parent, group] = fields;
    return state === 'Z' || state === 'X' ? undefined : { pid: Number(pid), parent: Number(parent), group: Number(group), started: fields[19] ?? '' };
  } catch {
    return undefined;
  }
};

const listFromPs = async (): Promise<readonly ProcessEntry[]> => {
  const { stdout } = await run({ file: 'ps', args: ['-A', '-o', 'pid=,ppid=,pgid=,state=,lstart='] });
  return stdout.split('\n').flatMap((line) => {
    const [, pid, parent, group, state, started = ''] = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/.exec(line) ?? [];
    return pid === undefined || state?.startsWith('Z') ? [] : [{ pid: Number(pid), parent: Number(parent), group: Number(group), started: started.trim() }];
  });
};
