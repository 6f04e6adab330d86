import { asExperimentId, asRunId, type ExperimentId, type RunId } from '../../../schemas/ids.ts';

/** Run ids that Python makes: a UUID without dashes. */
const runId = /(?<![\da-z])[\da-f]{32}(?![\da-z])/i;

/**
 * The run that a pasted text means: an id, a URL of MLflow's pages (`…/#/experiments/3/runs/<id>`), a
 * `runs:/<id>/model`. In a URL with several ids the one after `runs/` counts.
 */
export const runIdIn = (text: string): RunId | undefined => {
  const inUrl = /runs:?\/([\da-f]{32})(?![\da-z])/i.exec(text)?.[1];
  const found = inUrl ?? runId.exec(text)?.[0];
  return found === undefined ? undefined : asRunId(found.toLowerCase());
};

/** The experiment that a pasted URL means: one of MLflow's pages (`…/#/experiments/3`, of a run in it too), or a link of ours. */
export const experimentIdIn = (text: string): ExperimentId | undefined => {
  const found = /experiments\/([\w-]+)/i.exec(text)?.[1] ?? /\/experiment\?(?:[^#]*&)?id=([\w-]+)/i.exec(text)?.[1];
  return found === undefined ? undefined : asExperimentId(found);
};
