import type { RunId } from '../../schemas/ids.ts';
import type { PointPieces } from './tracking-store.ts';

/** Of a point as `metricReply` makes it; where histories of several runs are in one list, each says of which. */
export const piecesOf = (key: string, runId?: RunId): PointPieces => ({
  beforeValue: `{"key":${JSON.stringify(key)},"value":`,
  beforeTimestamp: ',"timestamp":',
  beforeStep: ',"step":',
  end: runId === undefined ? '}' : `,"run_id":${JSON.stringify(runId)}}`,
  nan: '"NaN"',
  infinity: '"Infinity"',
  minusInfinity: '"-Infinity"',
});
