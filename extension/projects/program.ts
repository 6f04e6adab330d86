import type { GraceTimes, ProcessIdentity } from '../shared/process-tree.ts';
import { identify, killTree, noProcess } from '../shared/process-tree.ts';
import { start, type Command, type Ending, type RunningProcess } from '../shared/process.ts';

export interface ProgramOptions {
  /** Open file for everything that it prints, or where ours goes. */
  readonly output: number | 'inherit';
  /** Aborted: the program and all that came of it are ended, and the reason is thrown. */
  readonly stop: AbortSignal;
  readonly grace: GraceTimes;
  /** In the environment of the command. */
  readonly marker: `${string}=${string}`;
  readonly onStarted?: (process: ProcessIdentity) => Promise<void>;
}

/** Runs a program in a group of its own to its end. */
export const runProgram = async (command: Command, { output, stop, grace, marker, onStarted }: ProgramOptions): Promise<Ending> => {
  stop.throwIfAborted();
  const running = await start(command, { streams: ['ignore', output, output], detached: true });
  const identity = await identify(running.pid);
  // It may have ended already, and then there is nobody to be found again.
  if (identity !== undefined) await onStarted?.(identity);
  const ending = await endOrStop(running, stop);
  if (ending !== 'stopped') return ending;
  await killTree(identity ?? noProcess, { grace, marker });
  throw stop.reason;
};

const endOrStop = async (running: RunningProcess, stop: AbortSignal): Promise<Ending | 'stopped'> => {
  const { promise, resolve } = Promise.withResolvers<'stopped'>();
  const onAbort = (): void => resolve('stopped');
  stop.addEventListener('abort', onAbort, { once: true });
  if (stop.aborted) onAbort();
  const first = await Promise.race([promise, running.ended]);
  stop.removeEventListener('abort', onAbort);
  return first;
};
