import { formatDuration } from '../../../schemas/format.ts';
import { executeCommand } from '../../host/commands.ts';
import { lineText } from '../../host/hostile-text.ts';
import { sayError, sayInformation } from '../../host/messages.ts';
import type { Disposable } from '../../shared/disposables.ts';
import type { EndedState, RunPlan } from '../run-folder.ts';
import type { SubmittedRun } from '../submitted-run.ts';
import type { SubmittedRuns } from '../submitted-runs.ts';
import { toRunItem } from './run-item.ts';

/** A shorter run is still in sight when it ends. ms. */
const longRun = 10_000;

const openRun = 'Open Run';
const compareWithPrevious = 'Compare with Previous';
const showOutput = 'Show Log';

/** One notification at the end of a long run, or of one that failed; none for what the user stopped. */
export const notifyOfEnds = (runs: SubmittedRuns): Disposable => {
  const watched = new Set<SubmittedRun>();
  return runs.onDidChange((run) => {
    if (!run.hasEnded) watched.add(run);
    if (run.state.phase === 'ended' && watched.delete(run)) void notify(runs, run, run.state);
  });
};

const notify = async (runs: SubmittedRuns, run: SubmittedRun, ended: EndedState): Promise<void> => {
  const previous = previousRun(runs, run);
  const answer = await showEnd(run, ended, [openRun, ...(previous === undefined ? [] : [compareWithPrevious]), showOutput]);
  if (answer === openRun) await executeCommand('mlflow.tracking.openRun', toRunItem(run));
  if (answer === showOutput) await executeCommand('mlflow.projects.showRunOutput', toRunItem(run));
  if (answer === compareWithPrevious && previous !== undefined) {
    await executeCommand('mlflow.tracking.compareRuns', toRunItem(run), [toRunItem(run), toRunItem(previous)]);
  }
};

const showEnd = async ({ plan }: SubmittedRun, { outcome, endTime }: EndedState, answers: readonly string[]): Promise<string | undefined> => {
  const duration = endTime - plan.startTime;
  const name = lineText(`${plan.entryPoint.name} (${plan.runName})`);
  if (outcome.status === 'FAILED') return await sayError(`${name} failed after ${formatDuration(duration)}: ${lineText(outcome.reason)}`, ...answers);
  if (outcome.status === 'KILLED' || duration < longRun) return undefined;
  return await sayInformation(`${name} finished in ${formatDuration(duration)}.`, ...answers);
};

/** The newest earlier run of the same entry point that came to its end. */
const previousRun = (runs: SubmittedRuns, run: SubmittedRun): SubmittedRun | undefined =>
  runs.all.find(
    ({ plan, state }) =>
      isSameEntryPoint(plan, run.plan) && plan.startTime < run.plan.startTime && state.phase === 'ended' && state.outcome.status === 'FINISHED',
  );

const isSameEntryPoint = (a: RunPlan, b: RunPlan): boolean => a.directory === b.directory && a.entryPoint.name === b.entryPoint.name;
