import type { HistoriesHeader } from '../../schemas/workbench-api.ts';

export interface EncodedSeries {
  readonly runId: string;
  readonly key: string;
  readonly total: number;
  readonly steps: Float64Array;
  readonly timestamps: Float64Array;
  readonly values: Float64Array;
}

/** The layout of `HistoriesHeader`, in the plainest way. */
export const encodeHistories = (series: readonly EncodedSeries[]): ArrayBuffer => {
  const header: HistoriesHeader = { series: series.map(({ runId, key, total, steps }) => ({ runId, key, total, count: steps.length })) };
  const text = new TextEncoder().encode(JSON.stringify(header));
  const start = Math.ceil((4 + text.length) / 8) * 8;
  const columns = series.flatMap(({ steps, timestamps, values }) => [steps, timestamps, values]);
  const buffer = new ArrayBuffer(start + columns.reduce((size, { byteLength }) => size + byteLength, 0));
  new DataView(buffer).setUint32(0, start - 4, true);
  new Uint8Array(buffer, 4, start - 4).fill(0x20).set(text);
  let offset = start;
  for (const column of columns) {
    new Float64Array(buffer, offset, column.length).set(column);
    offset += column.byteLength;
  }
  return buffer;
};
