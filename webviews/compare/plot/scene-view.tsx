import { useComputed, useSignal, useSignalEffect, type ReadonlySignal, type Signal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useId, useMemo, useRef } from 'preact/hooks';
import type { Theme } from '../../shared/theme.ts';
import { usePage, type ComparePage } from '../page.ts';
import { Plot, type PlotContent } from './plot.ts';
import { followPointer, type PixelBox, type PointerActions, type Position } from './pointer.ts';
import { spokenMark, type Mark, type Scene } from './scene.ts';
import { placeTooltip } from './tooltip.ts';

interface SceneViewProps {
  readonly cardId: string;
  readonly title: string;
  readonly scene: ReadonlySignal<Scene>;
}

/** A scene on a canvas, with what a pointer and a keyboard can do in it. */
export const SceneView = ({ cardId, title, scene }: SceneViewProps): JSX.Element => {
  const page = usePage();
  const frame = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const overlay = useRef<HTMLCanvasElement>(null);
  const plot = useSignal<Plot | undefined>(undefined);
  const pointed = useSignal<Pointed | undefined>(undefined);
  const drag = useSignal<PixelBox | undefined>(undefined);
  const help = useId();

  const content = useComputed(() => contentOf(scene.value, page.theme.value));
  useEffect(() => {
    if (canvas.current === null || overlay.current === null) return undefined;
    const created = new Plot(canvas.current, overlay.current, content.peek());
    plot.value = created;
    const stopInspection = page.inspection.registerScene(cardId, () => ({ title, scene: scene.peek(), projection: created.projection }));
    return () => {
      plot.value = undefined;
      stopInspection();
      created.dispose();
    };
  }, [page, cardId, scene]);

  useSignalEffect(() => plot.value?.show(content.value));
  useSignalEffect(() => showOver(page, plot.value, { scene: scene.value, pointed: pointed.value, drag: drag.value }));
  const interaction = useMemo(() => createInteraction(page, { scene, plot, pointed, drag }), [page, scene]);
  useEffect(() => (frame.current === null ? undefined : followPointer(frame.current, interaction.pointer)), [interaction]);

  return (
    <div
      ref={frame}
      class="plot"
      role="application"
      tabIndex={0}
      aria-roledescription="chart"
      aria-label={`${title}, ${scene.value.marks.length} marks`}
      aria-describedby={help}
      onKeyDown={interaction.onKeyDown}
      onBlur={interaction.leave}
    >
      <canvas ref={canvas} class="plot-lines" />
      <canvas ref={overlay} class="plot-overlay" aria-hidden="true" />
      <span id={help} class="visually-hidden">
        Arrow keys read one mark after the other.
      </span>
      <MarkTooltip pointed={pointed} />
    </div>
  );
};

interface Pointed {
  readonly mark: Mark;
  readonly at: Position;
}

const contentOf = (scene: Scene, theme: Theme): PlotContent => ({ x: scene.x, y: scene.y, theme, paint: scene.paint });

interface Over {
  readonly scene: Scene;
  readonly pointed: Pointed | undefined;
  readonly drag: PixelBox | undefined;
}

/** The mark that is pointed at, here or, as its run, in another card. */
const showOver = (page: ComparePage, plot: Plot | undefined, { scene, pointed, drag }: Over): void => {
  const highlighted = page.highlighted.value;
  const mark =
    pointed?.mark ?? (highlighted === undefined ? undefined : scene.marks.find(({ id, runIds }) => id === highlighted || runIds.includes(highlighted)));
  plot?.showOverlay((context, projection, theme) => {
    if (mark !== undefined) scene.paintOver(context, mark, projection, theme);
    if (drag !== undefined) scene.brush?.paint(context, drag, projection, theme);
  });
};

interface InteractionParts {
  readonly scene: ReadonlySignal<Scene>;
  readonly plot: ReadonlySignal<Plot | undefined>;
  readonly pointed: Signal<Pointed | undefined>;
  readonly drag: Signal<PixelBox | undefined>;
}

const createInteraction = (page: ComparePage, { scene, plot, pointed, drag }: InteractionParts) => {
  const point = (mark: Mark | undefined, at?: Position): void => {
    const projection = plot.peek()?.projection;
    if (mark === undefined || projection === undefined) return leave();
    pointed.value = { mark, at: at ?? { x: projection.toX(mark.x), y: projection.toY(mark.y) } };
    page.highlighted.value = mark.runIds.length === 1 ? mark.runIds[0] : undefined;
  };
  const leave = (): void => {
    pointed.value = undefined;
    page.highlighted.value = undefined;
  };
  const pointer: PointerActions = {
    hover: (position) => {
      const projection = plot.peek()?.projection;
      if (position === undefined || projection === undefined) return leave();
      return point(scene.peek().find(position, projection), position);
    },
    drag: (box) => {
      drag.value = scene.peek().brush === undefined ? undefined : box;
      leave();
    },
    select: (box) => {
      const projection = plot.peek()?.projection;
      if (projection !== undefined) scene.peek().brush?.select(box, projection);
    },
    reset: () => scene.peek().brush?.clear(),
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Escape') return leave();
    const mark = markByKey(event.key, scene.peek().marks, pointed.peek()?.mark);
    if (mark === undefined) return;
    event.preventDefault();
    point(mark);
    page.announcer.say(spokenMark(mark));
  };
  return { pointer, leave, onKeyDown };
};

/** Marks are read in the scene's order; undefined when the key is not for reading. */
const markByKey = (key: string, marks: readonly Mark[], from: Mark | undefined): Mark | undefined => {
  const here = marks.findIndex(({ id }) => id === from?.id);
  switch (key) {
    case 'ArrowRight':
    case 'ArrowDown':
      return marks[Math.min(here + 1, marks.length - 1)];
    case 'ArrowLeft':
    case 'ArrowUp':
      return marks[Math.max(here - 1, 0)];
    case 'Home':
      return marks[0];
    case 'End':
      return marks.at(-1);
    default:
      return undefined;
  }
};

const MarkTooltip = ({ pointed }: { readonly pointed: ReadonlySignal<Pointed | undefined> }): JSX.Element | null => {
  const element = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (element.current !== null && pointed.value !== undefined) placeTooltip(element.current, pointed.value.at);
  });
  if (pointed.value === undefined) return null;
  const { title, facts } = pointed.value.mark;
  return (
    <div ref={element} class="tooltip" role="presentation">
      <div class="tooltip-heading">{title}</div>
      <table>
        <tbody>
          {facts.map(([name, value]) => (
            <tr key={name}>
              <td class="tooltip-name">{name}</td>
              <td class="tooltip-value">{value}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
};
