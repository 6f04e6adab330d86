import type { PixelBox } from '../plot/pointer.ts';
import type { Brush, Mark } from '../plot/scene.ts';
import type { SceneInput } from './scene-input.ts';

const contains = ({ x, y }: PixelBox, across: number, up: number): boolean => across >= x.from && across <= x.to && up >= y.from && up <= y.to;

/** A rectangle that selects the runs of the marks in it. */
export const boxBrush = (marks: readonly Mark[], { select }: SceneInput): Brush => ({
  paint: (context, { x, y }, _, theme) => {
    context.globalAlpha = 0.15;
    context.fillStyle = theme.focus;
    context.fillRect(x.from, y.from, x.to - x.from, y.to - y.from);
    context.globalAlpha = 1;
    context.strokeStyle = theme.focus;
    context.lineWidth = 1;
    context.strokeRect(x.from, y.from, x.to - x.from, y.to - y.from);
  },
  select: (box, projection) => select(marks.filter((mark) => contains(box, projection.toX(mark.x), projection.toY(mark.y))).flatMap(({ runIds }) => runIds)),
  clear: () => select(undefined),
});
