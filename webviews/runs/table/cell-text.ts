import { formatAge, formatDateTime, formatDuration, formatNumber } from '../../../schemas/format.ts';
import type { Column } from '../../../schemas/runs-columns.ts';
import type { RunGroup, RunRow } from '../../../schemas/runs-protocol.ts';
import type { RunCell } from '../../../schemas/workbench-api.ts';

export interface CellText {
  readonly text: string;
  /** The whole value: made when somebody points at it. */
  title(): string;
  readonly isNumber?: boolean;
}

export const noText: CellText = { text: '', title: () => '' };
/** A text in a cell is never longer: a browser would lay out all of it. */
const longest = 300;

const plain = (value: string): CellText => ({ text: shortened(value.replace(/\s+/g, ' ')), title: () => shortened(value, 2000) });
const shortened = (text: string, most = longest): string => (text.length > most ? `${text.slice(0, most)}…` : text);

const numberOf = (value: RunCell): number => (typeof value === 'number' ? value : Number(value));

/** JSON has no such numbers: they travel as words. */
export const cellText = (column: Column, value: RunCell | undefined, now: number): CellText => {
  if (value === null || value === undefined) return noText;
  if (column.kind === 'metrics') return { text: formatNumber(numberOf(value)), title: () => String(value), isNumber: true };
  if (column.kind === 'attributes') return attributeText(column.key, value, now);
  if (column.kind === 'tags' && column.key === 'mlflow.source.git.commit') return { text: String(value).slice(0, 8), title: () => String(value) };
  if (column.kind === 'tags' && column.key === 'mlflow.source.name') return { ...plain(String(value)), text: shortened(lastPart(String(value))) };
  return plain(String(value));
};

/** Of a path; others as they are. */
const lastPart = (path: string): string => path.split(/[\\/]/).findLast((part) => part !== '') ?? path;

const attributeText = (key: string, value: string | number, now: number): CellText => {
  if (key === 'start_time' || key === 'end_time') {
    const time = numberOf(value);
    return { text: formatAge(time, now), title: () => formatDateTime(time) };
  }
  if (key === 'duration') return { text: formatDuration(numberOf(value)), title: () => `${String(value)} ms` };
  if (key === 'status') return plain(statusWord(String(value)));
  return plain(String(value));
};

export const statusWord = (status: string): string => status.charAt(0) + status.slice(1).toLowerCase();

export const groupCellText = (cell: RunGroup['cells'][number] | undefined): CellText => {
  if (cell === undefined || cell.mean === null) return noText;
  const spread = cell.std === null ? '' : ` ± ${formatNumber(Number(numberOf(cell.std).toPrecision(2)))}`;
  const range = cell.min === null || cell.max === null ? '' : `, from ${String(cell.min)} to ${String(cell.max)}`;
  return {
    text: `${formatNumber(numberOf(cell.mean))}${spread}`,
    title: () => `mean ${String(cell.mean)}${spread}${range}, ${cell.count} values`,
    isNumber: true,
  };
};

export const groupName = (titles: readonly string[], { values }: RunGroup): string =>
  values
    .map((value, index) => `${titles[index] ?? ''} ${value === null ? 'not set' : shortened(value, 60) === '' ? '(empty)' : shortened(value, 60)}`)
    .join(' · ');

export const runName = ({ name, runId }: RunRow): string => (name.trim() === '' ? runId : shortened(name));
