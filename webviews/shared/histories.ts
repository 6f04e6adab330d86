import type { HistoriesHeader } from '../../schemas/workbench-api.ts';

/** One metric history of one run: parallel arrays, views into the buffer that came over the wire. */
export interface Series {
  readonly runId: string;
  readonly key: string;
  /** Number of points in the store, before down-sampling. */
  readonly total: number;
  readonly steps: Float64Array;
  /** ms since the epoch. */
  readonly timestamps: Float64Array;
  readonly values: Float64Array;
}

/** Decodes the layout of `HistoriesHeader` without copying. Throws when the buffer is not one. */
export const readHistories = (buffer: ArrayBuffer): readonly Series[] => {
  const headerLength = new DataView(buffer).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, headerLength))) as HistoriesHeader;
  let offset = 4 + headerLength;
  const take = (count: number): Float64Array => {
    const column = new Float64Array(buffer, offset, count);
    offset += column.byteLength;
    return column;
  };
  return header.series.map(({ runId, key, total, count }) => ({ runId, key, total, steps: take(count), timestamps: take(count), values: take(count) }));
};
