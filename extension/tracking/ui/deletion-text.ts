import { formatBytes } from '../../../schemas/format.ts';
import type { PermanentDeletionReply } from '../../../schemas/workbench-api.ts';
import { lineText } from '../../host/hostile-text.ts';

/** Lines of one kind in a dialog, which does not scroll everywhere. */
export const listed = 8;

const count = (number: number, one: string): string => `${number.toLocaleString('en-US')} ${one}${number === 1 ? '' : 's'}`;

export interface DeletionNames {
  readonly experiments: ReadonlyMap<string, string>;
  readonly runs: ReadonlyMap<string, string>;
}

/** `2 experiments, 14 runs and 1 model` */
export const deletionSummary = ({ experimentIds, runIds, modelIds }: PermanentDeletionReply): string => {
  const parts = [
    ...(experimentIds.length > 0 ? [count(experimentIds.length, 'experiment')] : []),
    ...(runIds.length > 0 ? [count(runIds.length, 'run')] : []),
    ...(modelIds.length > 0 ? [count(modelIds.length, 'model')] : []),
  ];
  return parts.length < 2 ? (parts[0] ?? 'nothing') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
};

/** What goes, by name or id, how much space it frees, and what stays; `names` by id, as far as they are known. */
export const deletionDetail = (plan: PermanentDeletionReply, names: DeletionNames): string =>
  [
    ...list(
      'Experiments',
      plan.experimentIds.map((id) => names.experiments.get(id) ?? id),
    ),
    ...list(
      'Runs',
      plan.runIds.map((id) => withId(names.runs.get(id), id)),
    ),
    ...list('Models', plan.modelIds),
    `${count(plan.files, 'file')} of artifacts, ${formatBytes(plan.bytes)}`,
    ...list(
      'Artifacts that stay',
      plan.kept.map(({ artifactUri, reason }) => `${artifactUri}: ${reason}`),
    ),
  ].join('\n');

/** Runs may have the same name. */
const withId = (name: string | undefined, id: string): string => (name === undefined ? id : `${lineText(name, 60)} (${id})`);

const list = (title: string, names: readonly string[]): readonly string[] => {
  if (names.length === 0) return [];
  const shown = names.slice(0, listed).map((name) => `  ${lineText(name, 100)}`);
  return [`${title}:`, ...shown, ...(names.length > listed ? [`  and ${(names.length - listed).toLocaleString('en-US')} more`] : [])];
};
