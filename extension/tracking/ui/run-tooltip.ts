import { formatAge, formatDateTime, formatDuration, formatNumber } from '../../../schemas/format.ts';
import { markdownText } from '../../host/hostile-text.ts';
import type { Experiment } from '../experiment.ts';
import type { Run } from '../run.ts';
import { runLabel, statusWord } from './run-text.ts';

const entriesShown = 10;
const noteTag = 'mlflow.note.content';

/** Markdown of a run's hover: every name and value in it is escaped. */
export const runTooltip = (run: Run, experiment: Experiment | undefined, now: number): string => {
  const tag = (key: string): string | undefined => run.tags.find((one) => one.key === key)?.value;
  const note = tag(noteTag);
  const parts = [
    `**${markdownText(runLabel(run))}**`,
    table([
      ['Status', statusWord(run.info.status)],
      ['Started', started(run, now)],
      ['Duration', duration(run, now)],
      ['Experiment', experiment?.name],
      ['User', run.info.userId],
      ['Source', tag('mlflow.source.name')],
      ['Commit', tag('mlflow.source.git.commit')?.slice(0, 12)],
      ['Run ID', run.info.runId],
    ]),
    entries(
      'Metrics',
      run.latestMetrics.map(({ key, value }) => ({ key, value: formatNumber(value) })),
    ),
    entries('Params', run.params),
    ...(note === undefined || note === '' ? [] : [`*${markdownText(note, 300)}*`]),
  ];
  return parts.filter((part) => part !== '').join('\n\n');
};

const started = ({ info }: Run, now: number): string | undefined =>
  info.startTime === undefined ? undefined : `${formatAge(Number(info.startTime), now)} (${formatDateTime(Number(info.startTime))})`;

const duration = ({ info }: Run, now: number): string | undefined => {
  const end = info.endTime ?? (info.status === 'RUNNING' ? now : undefined);
  return info.startTime === undefined || end === undefined ? undefined : formatDuration(Number(end) - Number(info.startTime));
};

const table = (rows: readonly (readonly [string, string | undefined])[]): string => {
  const lines = rows.flatMap(([name, value]) => (value === undefined || value === '' ? [] : [`| ${name} | ${markdownText(value, 120)} |`]));
  return ['| | |', '|---|---|', ...lines].join('\n');
};

const entries = (title: string, all: readonly { readonly key: string; readonly value: string }[]): string => {
  if (all.length === 0) return '';
  const shown = all.toSorted((a, b) => (a.key < b.key ? -1 : 1)).slice(0, entriesShown);
  const lines = shown.map(({ key, value }) => `| ${markdownText(key, 60)} | ${markdownText(value, 80)} |`);
  const rest = all.length > shown.length ? `\n\n${all.length - shown.length} more` : '';
  return [`| ${title} | |`, '|---|---|', ...lines].join('\n') + rest;
};
