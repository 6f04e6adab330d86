import { isDrawable } from '../../schemas/format.ts';
import type { Line } from './lines/line.ts';
import type { Projection } from './plot/projection.ts';
import type { CardTable, Mark, Scene } from './plot/scene.ts';

/** What a card shows at this moment, in data and in pixels of its canvas. */
export interface CardReading {
  readonly cardId: string;
  readonly metric: string;
  readonly xRange: { readonly from: number; readonly to: number };
  readonly lines: readonly LineReading[];
  /** How many lines of group members are drawn below. */
  readonly members: number;
}

export interface LineReading {
  /** Of the run or the group. */
  readonly id: string;
  readonly name: string;
  readonly color: string;
  readonly total: number;
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly raw: readonly number[];
  readonly band?: { readonly low: readonly number[]; readonly high: readonly number[] };
  /** CSS pixels from the canvas's corner; null for a gap. */
  readonly pixels: readonly ({ readonly x: number; readonly y: number } | null)[];
}

export interface SceneReading {
  readonly cardId: string;
  readonly title: string;
  readonly marks: readonly (Pick<Mark, 'id' | 'title' | 'facts' | 'x' | 'y'> & { readonly pixel: { readonly x: number; readonly y: number } })[];
  readonly table: CardTable;
}

export interface ReadableScene {
  readonly title: string;
  readonly scene: Scene;
  readonly projection: Projection;
}

const readScene = (cardId: string, { title, scene, projection }: ReadableScene): SceneReading => ({
  cardId,
  title,
  marks: scene.marks.map(({ id, title: name, facts, x, y }) => ({ id, title: name, facts, x, y, pixel: { x: projection.toX(x), y: projection.toY(y) } })),
  table: scene.table,
});

export interface ReadableCard {
  readonly metric: string;
  readonly loading: boolean;
  readonly lines: readonly Line[];
  readonly members: readonly Line[];
  readonly projection: Projection;
}

export interface CardProgress {
  readonly cardId: string;
  readonly lines: number;
  readonly loading: boolean;
  /** The largest x of its lines. */
  readonly end: number;
}

/**
 * Lets tests and support read what the charts show: `mlflowWorkbench.cards()` in the page's console.
 * Nothing on the page depends on it, and it computes only when asked.
 */
export class Inspection {
  readonly #scenes = new Map<string, () => ReadableScene>();
  readonly #cards = new Map<string, () => ReadableCard | undefined>();

  register(cardId: string, read: () => ReadableCard | undefined): () => void {
    this.#cards.set(cardId, read);
    return () => {
      if (this.#cards.get(cardId) === read) this.#cards.delete(cardId);
    };
  }

  registerScene(cardId: string, read: () => ReadableScene): () => void {
    this.#scenes.set(cardId, read);
    return () => {
      if (this.#scenes.get(cardId) === read) this.#scenes.delete(cardId);
    };
  }

  /** Cards of marks: what each mark is, and where. */
  scenes(): readonly SceneReading[] {
    return [...this.#scenes].map(([cardId, read]) => readScene(cardId, read()));
  }

  /** How far each card of lines is; cheap enough to be asked with every frame. */
  progress(): readonly CardProgress[] {
    return [...this.#cards].flatMap(([cardId, read]) => {
      const card = read();
      return card === undefined ? [] : [progressOf(cardId, card)];
    });
  }

  cards(): readonly CardReading[] {
    return [...this.#cards].flatMap(([cardId, read]) => {
      const card = read();
      return card === undefined ? [] : [readCard(cardId, card)];
    });
  }
}

const progressOf = (cardId: string, { lines, loading }: ReadableCard): CardProgress => ({
  cardId,
  lines: lines.length,
  loading,
  end: lines.reduce((end, { x }) => Math.max(end, x.at(-1) ?? end), Number.NEGATIVE_INFINITY),
});

const readCard = (cardId: string, { metric, lines, members, projection }: ReadableCard): CardReading => ({
  cardId,
  metric,
  xRange: projection.xRange,
  lines: lines.map((line) => readLine(line, projection)),
  members: members.length,
});

const readLine = (line: Line, projection: Projection): LineReading => ({
  id: line.id,
  name: line.name,
  color: line.style.color,
  total: line.total,
  x: [...line.x],
  y: [...line.y],
  raw: [...line.raw],
  ...(line.band && { band: { low: [...line.band.low], high: [...line.band.high] } }),
  pixels: Array.from(line.y, (value, at) => (isDrawable(value) ? { x: projection.toX(line.x[at] ?? 0), y: projection.toY(value) } : null)),
});
