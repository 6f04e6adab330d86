import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { isSystemError } from './errors.ts';
import { run, userEnvironment } from './process.ts';

/** Process ids are used again; together with the time of the start one names a process for good. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Opaque, and another one after a restart of the machine. */
  readonly started: string;
}

/** The root of a tree of which only the marker is known. */
export const noProcess: ProcessIdentity = { pid: -1, started: '' };

interface ProcessEntry extends ProcessIdentity {
  readonly parent: number;
  /** 0 where the system has no process groups. */
  readonly group: number;
}

export interface GraceTimes {
  /** ms after SIGINT (Python's KeyboardInterrupt). */
  readonly interrupt: number;
  /** ms after SIGTERM. */
  readonly terminate: number;
}

export interface KillOptions {
  readonly grace?: GraceTimes;
  /** `NAME=value` in the environment of the tree: finds daemons, whose parents have ended, where a system shows environments. */
  readonly marker?: `${string}=${string}`;
}

const usualGrace: GraceTimes = { interrupt: 10_000, terminate: 5_000 };
/** ms until what was killed is gone from the list of processes. */
const lastWait = 5_000;
const pollInterval = 50;

/** Undefined when no such process runs. */
export const identify = async (pid: number): Promise<ProcessIdentity | undefined> => {
  const entry = (await listProcesses()).find((process) => process.pid === pid);
  return entry === undefined ? undefined : { pid: entry.pid, started: entry.started };
};

/** A process that has ended and waits to be collected does not run. */
export const isRunning = async ({ pid, started }: ProcessIdentity): Promise<boolean> => (await identify(pid))?.started === started;

/**
 * Ends a process and everything that came of it: descendants, process group, bearers of the marker; SIGINT,
 * SIGTERM, SIGKILL, each after the grace of the one before (Windows knows only the last). Resolves to whether all are gone.
 */
export const killTree = async (root: ProcessIdentity, { grace = usualGrace, marker }: KillOptions = {}): Promise<boolean> => {
  const tree = new ProcessTree(root, marker);
  const steps = [
    { signal: 'SIGINT', wait: grace.interrupt },
    { signal: 'SIGTERM', wait: grace.terminate },
    { signal: 'SIGKILL', wait: lastWait },
  ] as const;
  for (const { signal, wait } of steps) {
    if (await signalUntilGone(tree, signal, wait)) return true;
  }
  return false;
};

/** Each process gets the signal once: a second SIGINT would cut short what the first one lets Python tidy up. */
const signalUntilGone = async (tree: ProcessTree, signal: NodeJS.Signals, wait: number): Promise<boolean> => {
  const signalled = new Set<number>();
  for (let waited = 0; ; waited += pollInterval) {
    const members = await tree.members();
    if (members.length === 0) return true;
    if (waited >= wait) return false;
    for (const { pid } of members.filter((member) => !signalled.has(member.pid))) {
      signalled.add(pid);
      sendSignal(pid, signal);
    }
    await delay(pollInterval);
  }
};

/** Remembers whom it has seen, so that the children of a process that has ended are still known. */
class ProcessTree {
  readonly #root: ProcessIdentity;
  readonly #marker: string | undefined;
  readonly #known = new Map<number, ProcessEntry>();

  constructor(root: ProcessIdentity, marker: string | undefined) {
    this.#root = root;
    this.#marker = marker;
  }

  async members(): Promise<readonly ProcessEntry[]> {
    const entries = await listProcesses();
    const marked = this.#marker === undefined ? new Set() : await pidsWithMarker(entries, this.#marker);
    // A process id is not used again while its group has members: a stranger with the root's id means that the group is over.
    const isGroupOver = entries.some((entry) => entry.pid === this.#root.pid && !isSame(entry, this.#root));
    const isSeed = (entry: ProcessEntry): boolean =>
      isSame(entry, this.#root) || (entry.group === this.#root.pid && !isGroupOver) || isSame(entry, this.#known.get(entry.pid)) || marked.has(entry.pid);
    const members = withDescendants(entries.filter(isSeed), entries);
    for (const member of members) this.#known.set(member.pid, member);
    return members;
  }
}

const isSame = (entry: ProcessEntry, identity: ProcessIdentity | undefined): boolean => entry.pid === identity?.pid && entry.started === identity.started;

const withDescendants = (seeds: readonly ProcessEntry[], entries: readonly ProcessEntry[]): readonly ProcessEntry[] => {
  const byParent = Map.groupBy(entries, (entry) => entry.parent);
  const found = new Set<ProcessEntry>();
  const pending = seeds.filter((entry) => entry.pid !== process.pid);
  for (let entry = pending.pop(); entry !== undefined; entry = pending.pop()) {
    if (found.has(entry)) continue;
    found.add(entry);
    pending.push(...(byParent.get(entry.pid) ?? []));
  }
  return [...found];
};

const sendSignal = (pid: number, signal: NodeJS.Signals): void => {
  try {
    process.kill(pid, signal);
  } catch (error) {
    // It ended in the meantime, or it has become another user's.
    if (!isSystemError(error, 'ESRCH') && !isSystemError(error, 'EPERM')) throw error;
  }
};

/** Everything that runs, zombies left out. Linux without `ps`, which slim containers lack. */
const listProcesses = async (): Promise<readonly ProcessEntry[]> => {
  switch (process.platform) {
    case 'linux':
      return await listFromProc();
    case 'win32':
      return await listFromPowerShell();
    default:
      return await listFromPs();
  }
};

const listFromProc = async (): Promise<readonly ProcessEntry[]> => {
  const boot = (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim();
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  return (await Promise.all(pids.map((pid) => readProcStat(Number(pid), boot)))).filter((entry) => entry !== undefined);
};

const readProcStat = async (pid: number, boot: string): Promise<ProcessEntry | undefined> => {
  const text = await readIfThere(`/proc/${pid}/stat`);
  // The second field is the program's name in parentheses, which may hold blanks and parentheses.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const [state, parent, group] = fields;
  const ticks = fields[19];
  return ticks === undefined || state === 'Z' || state === 'X' ? undefined : { pid, parent: Number(parent), group: Number(group), started: `${boot} ${ticks}` };
};

const pidsWithMarker = async (entries: readonly ProcessEntry[], marker: string): Promise<ReadonlySet<number>> => {
  if (process.platform !== 'linux') return new Set();
  const carries = await Promise.all(entries.map(async ({ pid }) => (await readIfThere(`/proc/${pid}/environ`)).split('\0').includes(marker)));
  return new Set(entries.filter((_, index) => carries[index]).map(({ pid }) => pid));
};

/** Empty when the process has ended meanwhile or is another user's. */
const readIfThere = async (path: string): Promise<string> => {
  try {
    return await readFile(path, 'latin1');
  } catch (error) {
    if (isSystemError(error, 'ENOENT') || isSystemError(error, 'ESRCH') || isSystemError(error, 'EACCES') || isSystemError(error, 'EPERM')) return '';
    throw error;
  }
};

const listFromPs = async (): Promise<readonly ProcessEntry[]> => {
  const { stdout } = await run({ file: 'ps', args: ['-A', '-o', 'pid=,ppid=,pgid=,state=,lstart='], env: { ...userEnvironment(), LC_ALL: 'C' } });
  return stdout.split('\n').flatMap((line) => {
    const [, pid, parent, group, state, started = ''] = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/.exec(line) ?? [];
    return pid === undefined || state?.startsWith('Z') ? [] : [{ pid: Number(pid), parent: Number(parent), group: Number(group), started: started.trim() }];
  });
};

const powerShellList = 'Get-CimInstance Win32_Process | ForEach-Object { "$($_.ProcessId) $($_.ParentProcessId) $($_.CreationDate.ToFileTimeUtc())" }';

const listFromPowerShell = async (): Promise<readonly ProcessEntry[]> => {
  const { stdout } = await run({ file: 'powershell.exe', args: ['-NoProfile', '-NonInteractive', '-Command', powerShellList] });
  return stdout.split(/\r?\n/).flatMap((line) => {
    const [pid, parent, started] = line.split(' ');
    return started === undefined ? [] : [{ pid: Number(pid), parent: Number(parent), group: 0, started }];
  });
};
