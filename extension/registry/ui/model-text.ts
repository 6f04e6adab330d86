import { formatAge, formatDateTime, formatNumber, formatShortAge } from '../../../schemas/format.ts';
import { lineText, markdownText } from '../../host/hostile-text.ts';
import { chosenMetrics } from '../../tracking/chosen-metrics.ts';
import type { Run, Tag } from '../../tracking/run.ts';
import type { ModelVersion } from '../model-version.ts';
import type { RegisteredModel } from '../registered-model.ts';

/** A number that is not used again, so it is no count; 0 when there is none. */
export const newestVersionOf = ({ latestVersions, aliases }: RegisteredModel): number =>
  Math.max(0, ...latestVersions.map(({ version }) => version), ...aliases.map(({ version }) => version));

export const aliasesOf = (model: RegisteredModel | undefined, version: number): readonly string[] =>
  (model?.aliases ?? []).flatMap((alias) => (alias.version === version ? [alias.alias] : [])).toSorted();

/** `v12 · @champion v11` */
export const modelDescription = (model: RegisteredModel): string => {
  const newest = newestVersionOf(model);
  const aliases = model.aliases
    .toSorted((a, b) => b.version - a.version)
    .map(({ alias, version }) => `@${lineText(alias, 40)}${version === newest ? '' : ` v${version}`}`);
  return [newest === 0 ? 'no versions' : `v${newest}`, ...aliases.slice(0, 3), ...(aliases.length > 3 ? ['…'] : [])].join(' · ');
};

export interface VersionContext {
  readonly aliases: readonly string[];
  readonly run: Run | undefined;
  /** Chosen metrics. */
  readonly metrics: readonly string[];
  readonly now: number;
}

const statusWords: Readonly<Record<ModelVersion['status'], string>> = { READY: '', PENDING_REGISTRATION: 'pending', FAILED_REGISTRATION: 'failed' };

/** `@champion · Production · 3 d · rmse 0.78 · ann`: what tells versions apart comes first, a side bar is narrow. */
export const versionDescription = (version: ModelVersion, { aliases, run, metrics, now }: VersionContext): string =>
  [
    ...aliases.map((alias) => `@${lineText(alias, 40)}`),
    stageText(version),
    statusWords[version.status],
    formatShortAge(version.creationTimestamp, now),
    ...(run === undefined ? [] : chosenMetrics(run, metrics).map(({ key, value }) => `${lineText(key, 20)} ${formatNumber(value)}`)),
    lineText(version.userId ?? '', 30),
  ]
    .filter((part) => part !== '')
    .join(' · ');

const stageText = ({ currentStage }: ModelVersion): string => (currentStage === undefined || currentStage === 'None' ? '' : currentStage);

export const modelTooltip = (model: RegisteredModel, now: number): string =>
  [
    `**${markdownText(model.name, 300)}**`,
    table([
      ['Newest version', newestVersionOf(model) === 0 ? 'none' : String(newestVersionOf(model))],
      ['Aliases', model.aliases.map(({ alias, version }) => `@${alias} v${version}`).join(', ')],
      ['Created', when(model.creationTimestamp, now)],
      ['Updated', when(model.lastUpdatedTimestamp, now)],
      ...tagRows(model.tags),
    ]),
    descriptionText(model.description),
  ]
    .filter((part) => part !== '')
    .join('\n\n');

export const versionTooltip = (version: ModelVersion, { aliases, run, now }: VersionContext): string =>
  [
    `**${markdownText(version.name, 300)}** version ${version.version}`,
    table([
      ['Status', [statusWords[version.status] || 'ready', version.statusMessage ?? ''].filter((part) => part !== '').join(': ')],
      ['Aliases', aliases.map((alias) => `@${alias}`).join(', ')],
      ['Stage', stageText(version)],
      ['Created', when(version.creationTimestamp, now)],
      ['Updated', when(version.lastUpdatedTimestamp, now)],
      ['Creator', version.userId],
      ['Run', runText(version, run)],
      ['Source', version.source],
      ...(run?.latestMetrics ?? []).slice(0, 10).map(({ key, value }) => [key, formatNumber(value)] as const),
      ...tagRows(version.tags),
    ]),
    descriptionText(version.description),
  ]
    .filter((part) => part !== '')
    .join('\n\n');

const runText = ({ runId }: ModelVersion, run: Run | undefined): string | undefined => {
  if (runId === undefined || runId === '') return undefined;
  if (run === undefined) return `${runId} (gone)`;
  return run.info.lifecycleStage === 'deleted' ? `${run.info.runName} (deleted)` : run.info.runName;
};

const tagsShown = 10;

const tagRows = (tags: readonly Tag[]): readonly (readonly [string, string])[] => tags.slice(0, tagsShown).map(({ key, value }) => [key, value]);

const when = (time: number, now: number): string => `${formatAge(time, now)} (${formatDateTime(time)})`;

const descriptionText = (description: string | undefined): string =>
  description === undefined || description === '' ? '' : `*${markdownText(description, 300)}*`;

const table = (rows: readonly (readonly [string, string | undefined])[]): string => {
  const lines = rows.flatMap(([name, value]) => (value === undefined || value === '' ? [] : [`| ${markdownText(name, 60)} | ${markdownText(value, 120)} |`]));
  return ['| | |', '|---|---|', ...lines].join('\n');
};
