import { asRunId, asStoreId } from '../../schemas/ids.ts';
import type { RunReference } from './commands.ts';

/**
 * The runs of what a menu hands to a command: the clicked item and, when several are selected, all of
 * them. An item that stands for a run has it as `run`, in whichever tree; undefined when there is none.
 */
export const runsOf = (clicked: unknown, selected: readonly unknown[] = []): readonly RunReference[] | undefined => {
  const runs = (selected.length > 0 ? selected : [clicked]).flatMap((item) => runOf(item) ?? []);
  return runs.length === 0 ? undefined : runs;
};

/** What a tree hands to a command: nothing when a key or the palette gives it. */
export type RowArguments = readonly [clicked?: unknown, selected?: readonly unknown[] | undefined];

/**
 * The runs that a command is about: without a row, those that are selected. A row that VS Code was just reading again comes as undefined: the command is
 * about none then, and not about others that happen to be selected.
 */
export const chosenRuns = (row: RowArguments, selected: () => readonly RunReference[]): readonly RunReference[] =>
  row.length === 0 ? selected() : (runsOf(...row) ?? []);

const runOf = (item: unknown): RunReference | undefined => {
  const run = isObject(item) ? item['run'] : undefined;
  if (!isObject(run) || typeof run['storeId'] !== 'string' || typeof run['runId'] !== 'string') return undefined;
  return { storeId: asStoreId(run['storeId']), runId: asRunId(run['runId']) };
};

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null;
