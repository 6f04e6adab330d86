import { useSignal, useSignalEffect, type ReadonlySignal, type Signal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useId, useMemo, useRef } from 'preact/hooks';
import type { LineData } from './line-data.ts';
import { Plot } from '../plot/plot.ts';
import type { Line } from './line.ts';
import type { Range } from '../plot/range.ts';
import { nearestPoints, type LinePoint } from './nearest.ts';
import { followPointer } from '../plot/pointer.ts';
import { readByKey } from './reading.ts';
import type { Theme } from '../../shared/theme.ts';
import type { PlotContent } from '../plot/plot.ts';
import { paintLines } from './paint.ts';
import { paintOverlay, type Overlay } from './overlay.ts';
import { describePoint, LineTooltip, type TooltipContent } from './line-tooltip.tsx';
import { nearestIndex } from '../math/search.ts';
import { usePage, type ComparePage } from '../page.ts';

interface LinePlotProps {
  readonly cardId: string;
  readonly metric: string;
  readonly data: ReadonlySignal<LineData>;
  /** Told how wide the plot is, which decides how much detail is worth asking for. */
  readonly width: Signal<number>;
  zoomTo(window: Range | undefined): void;
}

export const LinePlot = (props: LinePlotProps): JSX.Element => {
  const page = usePage();
  const frame = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const overlay = useRef<HTMLCanvasElement>(null);
  const chart = useSignal<Plot | undefined>(undefined);
  const tooltip = useSignal<TooltipContent | undefined>(undefined);
  const drag = useSignal<Range | undefined>(undefined);
  const help = useId();

  useEffect(() => {
    if (frame.current === null || canvas.current === null || overlay.current === null) return undefined;
    const created = new Plot(canvas.current, overlay.current, contentOf(props.data.peek(), page.theme.peek()));
    chart.value = created;
    const stopMeasuring = watchWidth(frame.current, props.width);
    const stopInspection = page.inspection.register(props.cardId, () => ({
      metric: props.metric,
      lines: props.data.peek().lines,
      members: props.data.peek().members,
      projection: created.projection,
    }));
    return () => {
      chart.value = undefined;
      stopInspection();
      stopMeasuring();
      created.dispose();
    };
  }, [page, props.cardId, props.data]);

  useSignalEffect(() => chart.value?.show(contentOf(props.data.value, page.theme.value)));
  useSignalEffect(() => showCursor(page, chart.value, props.data.value, drag.value));

  const interaction = useMemo(() => createInteraction(page, { ...props, chart, tooltip, drag }), [page, props.cardId, props.data]);
  useEffect(() => (frame.current === null ? undefined : followPointer(frame.current, interaction.pointer)), [interaction]);

  return (
    <div
      ref={frame}
      class="plot"
      role="application"
      tabIndex={0}
      aria-roledescription="line chart"
      aria-label={`${props.metric}, ${props.data.value.lines.length} lines`}
      aria-describedby={help}
      onKeyDown={interaction.onKeyDown}
      onBlur={interaction.leave}
    >
      <canvas ref={canvas} class="plot-lines" />
      <canvas ref={overlay} class="plot-overlay" aria-hidden="true" />
      <span id={help} class="visually-hidden">
        Arrow keys read along a line and move between lines. Plus and minus zoom, 0 shows everything.
      </span>
      <LineTooltip content={tooltip} />
    </div>
  );
};

const watchWidth = (element: HTMLElement, width: Signal<number>): (() => void) => {
  const observer = new ResizeObserver(() => (width.value = element.clientWidth));
  observer.observe(element);
  return () => observer.disconnect();
};

const linesWithPoints = 24;

const contentOf = (data: LineData, theme: Theme): PlotContent => ({
  x: data.x,
  y: data.y,
  theme,
  paint: (context, projection) => paintLines(context, data, projection),
});

/** The cross-hair of whichever card the pointer is in, and the run that stands out everywhere. */
const showCursor = (page: ComparePage, chart: Plot | undefined, { lines, axis }: LineData, drag: Range | undefined): void => {
  const cursor = page.cursor.value;
  const at = cursor !== undefined && cursor.axis === axis ? cursor.x : undefined;
  const highlighted = lineOf(lines, page.highlighted.value);
  const overlay: Overlay = {
    points: at === undefined || lines.length > linesWithPoints ? [] : lines.flatMap((line) => pointAt(line, at)),
    ...(at !== undefined && { cross: at }),
    ...(highlighted && { highlight: { line: highlighted, index: at === undefined ? -1 : nearestIndex(highlighted.x, at) } }),
    ...(drag && { drag }),
  };
  chart?.showOverlay((context, projection, theme) => paintOverlay(context, overlay, projection, theme));
};

/** The line of a run or a group; a run within a group has its group's. */
const lineOf = (lines: readonly Line[], id: string | undefined): Line | undefined =>
  id === undefined ? undefined : (lines.find((line) => line.id === id) ?? lines.find(({ runIds }) => runIds.includes(id)));

const pointAt = (line: Line, at: number): readonly LinePoint[] => {
  const index = nearestIndex(line.x, at);
  const ended = at < (line.x[0] ?? 0) || at > (line.x.at(-1) ?? 0);
  return index < 0 || (ended && line.x[index] !== at) ? [] : [{ line, index }];
};

interface InteractionParts extends LinePlotProps {
  readonly chart: ReadonlySignal<Plot | undefined>;
  readonly tooltip: Signal<TooltipContent | undefined>;
  readonly drag: Signal<Range | undefined>;
}

/** Nearer than this, in pixels, the pointer means this line. */
const highlightReach = 24;
const keyZoom = 1.5;

const createInteraction = (page: ComparePage, { cardId, metric, data, chart, tooltip, drag, zoomTo }: InteractionParts) => {
  let reading: LinePoint | undefined;

  const leave = (): void => {
    reading = undefined;
    tooltip.value = undefined;
    page.cursor.value = undefined;
    page.highlighted.value = undefined;
  };
  const show = (points: readonly LinePoint[], at: { readonly x: number; readonly y: number }, highlighted: LinePoint | undefined): void => {
    const [nearest] = points;
    if (nearest === undefined) return leave();
    const { axis } = data.peek();
    page.cursor.value = { axis, x: nearest.line.x[nearest.index] ?? 0, cardId };
    page.highlighted.value = highlighted?.line.id;
    tooltip.value = { points, axis, at };
  };
  const hover = (position: { readonly x: number; readonly y: number } | undefined): void => {
    const projection = chart.peek()?.projection;
    if (position === undefined || projection === undefined) return leave();
    const points = nearestPoints(data.peek().lines, position, projection);
    const [nearest] = points;
    const isNear = nearest !== undefined && Math.abs(projection.toY(nearest.line.y[nearest.index] ?? 0) - position.y) <= highlightReach;
    show(points, position, isNear ? nearest : undefined);
  };
  const read = (point: LinePoint): void => {
    const projection = chart.peek()?.projection;
    if (projection === undefined) return;
    reading = point;
    const position = { x: projection.toX(point.line.x[point.index] ?? 0), y: projection.toY(point.line.y[point.index] ?? 0) };
    const others = nearestPoints(data.peek().lines, position, projection).filter(({ line }) => line.id !== point.line.id);
    show([point, ...others], position, point);
    page.announcer.say(describePoint(point, metric, data.peek().axis));
  };
  const zoomBy = (factor: number, around?: number): void => {
    const projection = chart.peek()?.projection;
    if (projection === undefined) return;
    const { from, to } = projection.xRange;
    const centre = around === undefined ? (reading?.line.x[reading.index] ?? (from + to) / 2) : projection.fromX(around);
    zoomTo({ from: centre - (centre - from) * factor, to: centre + (to - centre) * factor });
  };
  const panBy = (pixels: number): void => {
    const projection = chart.peek()?.projection;
    if (projection === undefined) return;
    const by = projection.fromX(0) - projection.fromX(pixels);
    zoomTo({ from: projection.xRange.from + by, to: projection.xRange.to + by });
  };

  const byKey: Readonly<Record<string, () => void>> = {
    '+': () => zoomBy(1 / keyZoom),
    '=': () => zoomBy(1 / keyZoom),
    '-': () => zoomBy(keyZoom),
    '0': () => zoomTo(undefined),
    Escape: leave,
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const point = readByKey(event.key, data.peek().lines, current(reading, data.peek().lines), data.peek().window);
    const act = point === undefined ? byKey[event.key] : () => read(point);
    if (act === undefined) return;
    event.preventDefault();
    act();
  };
  return {
    leave,
    onKeyDown,
    pointer: {
      hover,
      zoomBy,
      panBy,
      drag: (window: Range | undefined) => {
        drag.value = window;
        tooltip.value = undefined;
      },
      zoomTo: (window: Range) => {
        const projection = chart.peek()?.projection;
        if (projection !== undefined) zoomTo({ from: projection.fromX(window.from), to: projection.fromX(window.to) });
      },
      reset: () => zoomTo(undefined),
    },
  };
};

/** The point being read, on today's line of its run: a running run has a new line with every message. */
const current = (reading: LinePoint | undefined, lines: readonly Line[]): LinePoint | undefined => {
  const line = lines.find(({ id }) => id === reading?.line.id);
  return reading === undefined || line === undefined ? undefined : { line, index: nearestIndex(line.x, reading.line.x[reading.index] ?? 0) };
};
