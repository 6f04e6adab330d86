import { isDrawable } from '../../../schemas/format.ts';
import { lowerBound, nearestIndex } from '../../shared/search.ts';
import type { Line } from './line.ts';
import type { Range } from '../plot/range.ts';
import type { LinePoint } from './nearest.ts';

/** Points that Page Up and Page Down move by. */
const page = 10;

/** Where a key leads from a point: along its line, or to the line above or below. Undefined when the key is not for reading. */
export const readByKey = (key: string, lines: readonly Line[], from: LinePoint | undefined, window: Range): LinePoint | undefined => {
  if (!readingKeys.has(key)) return undefined;
  if (from === undefined) return firstPoint(lines, window);
  switch (key) {
    case 'ArrowRight':
      return along(from, 1, window);
    case 'ArrowLeft':
      return along(from, -1, window);
    case 'PageDown':
      return along(from, page, window);
    case 'PageUp':
      return along(from, -page, window);
    case 'Home':
      return along(from, Number.NEGATIVE_INFINITY, window);
    case 'End':
      return along(from, Number.POSITIVE_INFINITY, window);
    case 'ArrowUp':
      return toLineBeside(lines, from, 1);
    default:
      return toLineBeside(lines, from, -1);
  }
};

const readingKeys = new Set(['ArrowRight', 'ArrowLeft', 'ArrowUp', 'ArrowDown', 'PageDown', 'PageUp', 'Home', 'End']);

const indicesIn = ({ x }: Line, { from, to }: Range): readonly [first: number, last: number] => {
  const first = lowerBound(x, from);
  let last = first;
  while (last + 1 < x.length && (x[last + 1] ?? 0) <= to) last++;
  return [Math.min(first, x.length - 1), Math.min(last, x.length - 1)];
};

const firstPoint = (lines: readonly Line[], window: Range): LinePoint | undefined => {
  const line = lines.find(({ x }) => x.length > 0);
  return line && { line, index: indicesIn(line, window)[0] };
};

const along = ({ line, index }: LinePoint, by: number, window: Range): LinePoint => {
  const [first, last] = indicesIn(line, window);
  return { line, index: Math.min(Math.max(index + by, first), last) };
};

const valueOf = ({ line, index }: LinePoint): number => {
  const value = line.y[index] ?? Number.NaN;
  return isDrawable(value) ? value : Number.NEGATIVE_INFINITY;
};

/** Lines in order of their height at this x; lines of equal height in the order of the page. */
const toLineBeside = (lines: readonly Line[], from: LinePoint, direction: 1 | -1): LinePoint => {
  const at = from.line.x[from.index] ?? 0;
  const points = lines.filter(({ x }) => x.length > 0).map((line): LinePoint => (line.id === from.line.id ? from : { line, index: nearestIndex(line.x, at) }));
  const byHeight = points.sort((left, right) => valueOf(left) - valueOf(right));
  const here = byHeight.findIndex(({ line }) => line.id === from.line.id);
  return byHeight[here + direction] ?? from;
};
