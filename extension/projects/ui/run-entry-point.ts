import type { RunChoices } from '../../../schemas/run-choices.ts';
import { MlflowError } from '../../shared/errors.ts';
import type { SubmittedRun } from '../submitted-run.ts';
import { askMissingValues } from './ask-values.ts';
import { chooseEntryPoint, type RunTarget } from './choose-entry-point.ts';
import { givenValues, referenceTo, requireTrust, startRun, type ChosenEntryPoint, type StartOptions } from './start-run.ts';

/** Starts at once with what was last given, or the defaults; asks for what has neither. Undefined when given up. */
export const runEntryPoint = async (target: RunTarget, options: StartOptions): Promise<SubmittedRun | undefined> => {
  const chosen = await chooseEntryPoint(target, 'Run Entry Point', options);
  return chosen === undefined ? undefined : await runChosen(chosen, options.memory.choicesOf(referenceTo(chosen)), options);
};

/** Asks for what has no value, and starts. */
export const runChosen = async (chosen: ChosenEntryPoint, choices: RunChoices, options: StartOptions): Promise<SubmittedRun | undefined> => {
  const complete = await askChosen(chosen, choices);
  return complete === undefined ? undefined : await startRun({ ...chosen, choices: complete }, options);
};

/** Asks for what has no value; undefined when given up. */
export const askChosen = async ({ entryPoint, found }: ChosenEntryPoint, choices: RunChoices): Promise<RunChoices | undefined> => {
  const values = await askMissingValues({ entryPoint, directory: found.project.directory, values: givenValues(choices) });
  return values === undefined ? undefined : { ...choices, values: [...values].map(([key, value]) => ({ key, value })) };
};

/** The entry point that was started last, as it was started. */
export const runLastEntryPoint = async (options: StartOptions): Promise<SubmittedRun | undefined> => {
  requireTrust();
  const { last } = options.memory;
  if (last === undefined) throw new MlflowError('RESOURCE_DOES_NOT_EXIST', 'No entry point was run in this workspace yet: run one first');
  return await runEntryPoint(last, options);
};
