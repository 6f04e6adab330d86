import type { HistoriesHeader } from '../../schemas/workbench-api.ts';
import type { Points } from './down-sampling.ts';

export interface Series {
  readonly runId: string;
  readonly key: string;
  readonly points: Points;
  /** Before down-sampling. */
  readonly total: number;
}

/** The binary layout that `HistoriesHeader` describes. */
export const encodeHistories = (series: readonly Series[]): ArrayBuffer => {
  const header: HistoriesHeader = { series: series.map(({ runId, key, points, total }) => ({ runId, key, count: points.values.length, total })) };
  const text = new TextEncoder().encode(JSON.stringify(header));
  const start = Math.ceil((4 + text.length) / 8) * 8;
  const numbers = series.reduce((sum, { points }) => sum + 3 * points.values.length, 0);
  const buffer = new ArrayBuffer(start + numbers * 8);
  new DataView(buffer).setUint32(0, start - 4, true);
  new Uint8Array(buffer, 4, start - 4).fill(0x20).set(text);
  const body = new Float64Array(buffer, start);
  let at = 0;
  for (const { points } of series) {
    for (const column of [points.steps, points.timestamps, points.values]) {
      body.set(column, at);
      at += column.length;
    }
  }
  return buffer;
};
