import { effect, signal } from '@preact/signals';
import type { CardOf, CardSpec } from '../../../schemas/compare-layout.ts';
import type { RunStyle } from '../../shared/palette.ts';
import { cardTitle, sceneOf } from '../cards/card-kinds.ts';
import { hasOnlyPoints, createLineData, type LineData } from '../lines/line-data.ts';
import { paintLines } from '../lines/paint.ts';
import { lineTable } from '../lines/point-table.ts';
import type { ComparePage } from '../page.ts';
import type { PlotContent } from '../plot/plot.ts';
import type { CardTable } from '../plot/scene.ts';

/** What a card shows, without the card: for pictures and tables that leave the page. */
export interface CardContentOut {
  readonly title: string;
  readonly plot: PlotContent;
  readonly table: CardTable;
  readonly notes: readonly string[];
  readonly legend: readonly { readonly label: string; readonly style: RunStyle }[];
  /** Why there is no picture. */
  readonly nothing?: string;
}

/** Also of a card that is not on screen: what it needs is read first. */
export const readCardContent = async (page: ComparePage, spec: CardSpec, width: number): Promise<CardContentOut> => {
  if (spec.type !== 'line') return contentOfScene(page, spec);
  const data = await readLineData(page, spec, { width });
  return hasOnlyPoints(data) ? contentOfScene(page, { ...spec, type: 'bar' }) : contentOfLines(page, spec, data);
};

/** Points per line at most, as many as a store gives at once. */
const mostBuckets = 10_000;

/** The table of a card with every point, not only those that a picture needs. */
export const readCardTable = async (page: ComparePage, spec: CardSpec): Promise<Pick<CardContentOut, 'title' | 'table'>> => {
  if (spec.type !== 'line') return contentOfScene(page, spec);
  const histories = page.newHistories();
  try {
    const data = await readLineData({ ...page, histories }, spec, { buckets: mostBuckets });
    return { title: cardTitle(spec), table: lineTable(data.lines, spec.metric, data.axis) };
  } finally {
    histories.dispose();
  }
};

const contentOfScene = (page: ComparePage, spec: Exclude<CardSpec, CardOf<'line'>>): CardContentOut => {
  const { x, y, paint, table, notes, nothing } = sceneOf(spec, page.sceneInput(spec.id), page.changeCard);
  return { title: cardTitle(spec), plot: { x, y, paint, theme: page.theme.peek() }, table, notes, legend: [], ...(nothing !== undefined && { nothing }) };
};

const contentOfLines = (page: ComparePage, spec: CardOf<'line'>, data: LineData): CardContentOut => ({
  title: cardTitle(spec),
  plot: { x: data.x, y: data.y, theme: page.theme.peek(), paint: (context, projection) => paintLines(context, data, projection) },
  table: lineTable(data.lines, spec.metric, data.axis),
  notes: [...data.notes, ...(data.failure === undefined ? [] : [data.failure])],
  legend: data.lines.map(({ name, style }) => ({ label: name, style })),
  ...(data.lines.length === 0 && { nothing: 'No shown run has logged this metric.' }),
});

interface Detail {
  readonly width?: number;
  readonly buckets?: number;
}

const readLineData = async (page: ComparePage, spec: CardOf<'line'>, { width = 0, buckets }: Detail): Promise<LineData> => {
  const live = createLineData(page, { spec: signal(spec), width: signal(width), ...(buckets !== undefined && { buckets }) });
  const { promise, resolve } = Promise.withResolvers<LineData>();
  const stop = effect(() => {
    if (!live.data.value.loading) resolve(live.data.value);
  });
  try {
    return await promise;
  } finally {
    stop();
    live.dispose();
  }
};
