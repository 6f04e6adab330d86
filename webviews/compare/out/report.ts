import { formatDateTime, formatDuration, formatNumber } from '../../../schemas/format.ts';
import type { ComparedRun } from '../../../schemas/webview-protocol.ts';
import { toDifferenceRows } from '../difference/difference.ts';
import type { ComparePage } from '../page.ts';
import { readCardContent } from './card-content.ts';
import { fileName, pictureSize } from './names.ts';
import { toPng } from './picture.ts';

export interface Report {
  readonly markdown: string;
  /** Named as the text names them, beside it in a folder of their own. */
  readonly images: readonly { readonly name: string; readonly data: ArrayBuffer }[];
}

/** More cards or runs make no report that anybody reads. */
const mostCards = 60;
const mostRuns = 100;
const mostColumns = 12;

/** The page as Markdown: where its runs come from, what differs, and each card as a picture. `folder` is that of the pictures. */
export const writeReport = async (page: ComparePage, folder: string): Promise<Report> => {
  const cards = page.cards.peek();
  const drawn = [];
  // One after the other: each may read the histories of a thousand runs.
  for (const [index, spec] of cards.slice(0, mostCards).entries()) {
    const content = await readCardContent(page, spec, pictureSize(spec).width);
    const name = `${index + 1}-${fileName(content.title)}.png`;
    drawn.push({ content, name, ...(content.nothing === undefined && { data: await toPng(content, pictureSize(spec)) }) });
  }
  const pictures = drawn.map(({ content: { title, notes, nothing }, name, data }) => [
    `### ${markdownText(title)}`,
    data === undefined ? markdownText(nothing ?? '') : `![${markdownText(title)}](${encodeURI(folder)}/${encodeURI(name)})`,
    ...notes.map((note) => `*${markdownText(note)}*`),
  ]);
  const runs = page.visibleRuns.peek();
  const parts = [
    `# ${runs.length} compared runs`,
    `Written on ${formatDateTime(Date.now())} by MLflow Workbench.`,
    '## Where the runs come from',
    provenance(runs),
    '## What differs',
    differences(runs),
    '## Charts',
    ...pictures.flat(),
    ...(cards.length > mostCards ? [`The first ${mostCards} of ${cards.length} cards.`] : []),
  ];
  return { markdown: `${parts.join('\n\n')}\n`, images: drawn.flatMap(({ name, data }) => (data === undefined ? [] : [{ name, data }])) };
};

const provenance = (runs: readonly ComparedRun[]): string =>
  table(
    ['Run', 'ID', 'Experiment', 'Store', 'Status', 'Started', 'Duration', 'User', 'Source', 'Commit'],
    runs
      .slice(0, mostRuns)
      .map(({ name, runId, experimentName, storeId, status, startTime, endTime, tags }) => [
        name,
        runId,
        experimentName,
        storeId,
        status.toLowerCase(),
        startTime === undefined ? '' : formatDateTime(startTime),
        startTime === undefined || endTime === undefined ? '' : formatDuration(endTime - startTime),
        tags['mlflow.user'] ?? '',
        tags['mlflow.source.name'] ?? '',
        tags['mlflow.source.git.commit'] ?? '',
      ]),
  ) + (runs.length > mostRuns ? `\n\nThe first ${mostRuns} of ${runs.length} runs.` : '');

/** A row per run, since pages are higher than wide. */
const differences = (runs: readonly ComparedRun[]): string => {
  const rows = toDifferenceRows(runs, { onlyDiffering: true }).flatMap((row) => (row.kind === 'heading' || row.group === 'Attributes' ? [] : [row]));
  const shown = rows.slice(0, mostColumns);
  if (shown.length === 0) return 'The runs have the same params, metrics and tags.';
  const cellOf = (value: string | number | undefined): string => (typeof value === 'number' ? formatNumber(value) : (value ?? ''));
  const body = runs.slice(0, mostRuns).map((run) => [run.name, ...shown.map((row) => cellOf(row.valueOf(run)))]);
  return table(['Run', ...shown.map(({ key }) => key)], body) + (rows.length > mostColumns ? `\n\n${mostColumns} of ${rows.length} that differ.` : '');
};

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells, at) => `| ${cells.map((cell) => (at === 1 ? cell : markdownText(cell))).join(' | ')} |`).join('\n');

/** Names and values are anybody's text: no Markdown or HTML is left in them. */
const markdownText = (text: string): string =>
  text
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/[\\`*_{}[\]()#+!|<>&~$]/g, (character) =>
      character === '<' || character === '>' || character === '&' ? `&#${character.charCodeAt(0)};` : `\\${character}`,
    );
