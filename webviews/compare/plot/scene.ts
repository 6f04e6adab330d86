import type { Theme } from '../../shared/theme.ts';
import type { Axes } from './axes.ts';
import type { Paint } from './plot.ts';
import type { PixelBox, Position } from './pointer.ts';
import type { Projection } from './projection.ts';

/** Rows and columns of what a card shows: its table twin, and what is exported. */
export interface CardTable {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
}

/** Something in a chart that can be pointed at and read: a point, a bar, a box, a cell. */
export interface Mark {
  readonly id: string;
  readonly runIds: readonly string[];
  readonly title: string;
  readonly facts: readonly (readonly [name: string, value: string])[];
  /** In units of the axes. */
  readonly x: number;
  readonly y: number;
}

/** A chart of marks. Which of its marks a position means is the scene's own affair: a bar is wider than a point. */
export interface Scene extends Axes {
  /** In the order in which the keyboard reads them. */
  readonly marks: readonly Mark[];
  readonly paint: Paint;
  paintOver(context: CanvasRenderingContext2D, mark: Mark, projection: Projection, theme: Theme): void;
  find(position: Position, projection: Projection): Mark | undefined;
  readonly table: CardTable;
  /** What the chart could not show, in sentences. */
  readonly notes: readonly string[];
  /** Why there is no chart at all. */
  readonly nothing?: string;
  /** How a drag looks and what it selects; without it a drag does nothing. */
  readonly brush?: Brush;
}

export interface Brush {
  paint(context: CanvasRenderingContext2D, box: PixelBox, projection: Projection, theme: Theme): void;
  select(box: PixelBox, projection: Projection): void;
  clear(): void;
}

const reach = 24;

/** The mark whose place is nearest, if it is near. */
export const findNearest = (marks: readonly Mark[], { x, y }: Position, projection: Projection): Mark | undefined => {
  let nearest: Mark | undefined;
  let shortest = reach;
  for (const mark of marks) {
    const distance = Math.hypot(projection.toX(mark.x) - x, projection.toY(mark.y) - y);
    if (distance <= shortest) [nearest, shortest] = [mark, distance];
  }
  return nearest;
};

export const spokenMark = ({ title, facts }: Mark): string => [title, ...facts.map(([name, value]) => `${name} ${value}`)].join(', ');
