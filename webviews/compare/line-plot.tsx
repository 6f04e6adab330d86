import { useSignal, useSignalEffect, type ReadonlySignal, type Signal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useId, useMemo, useRef } from 'preact/hooks';
import type { LineData } from './line-data.ts';
import { LineChart } from './lines/line-chart.ts';
import type { Line, Range } from './lines/line.ts';
import { nearestPoints, type LinePoint } from './lines/nearest.ts';
import { followPointer } from './lines/pointer.ts';
import { readByKey } from './lines/reading.ts';
import { describePoint, LineTooltip, type TooltipContent } from './line-tooltip.tsx';
import { nearestIndex } from './math/search.ts';
import { usePage, type ComparePage } from './page.ts';

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
  const chart = useSignal<LineChart | undefined>(undefined);
  const tooltip = useSignal<TooltipContent | undefined>(undefined);
  const drag = useSignal<Range | undefined>(undefined);
  const help = useId();

  useEffect(() => {
    if (frame.current === null || canvas.current === null || overlay.current === null) return undefined;
    const created = new LineChart(canvas.current, overlay.current, { ...props.data.peek(), theme: page.theme.peek() });
    chart.value = created;
    const stopMeasuring = watchWidth(frame.current, props.width);
    const stopInspection = page.inspection.register(props.cardId, () => ({
      metric: props.metric,
      lines: props.data.peek().lines,
      projection: created.projection,
    }));
    return () => {
      chart.value = undefined;
      stopInspection();
      stopMeasuring();
      created.dispose();
    };
  }, [page, props.cardId, props.data]);

  useSignalEffect(() => chart.value?.show({ ...props.data.value, theme: page.theme.value }));
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

/** The cross-hair of whichever card the pointer is in, and the run that stands out everywhere. */
const showCursor = (page: ComparePage, chart: LineChart | undefined, { lines, x }: LineData, drag: Range | undefined): void => {
  const cursor = page.cursor.value;
  const at = cursor !== undefined && cursor.axis === x.axis ? cursor.x : undefined;
  const highlighted = lines.find(({ runId }) => runId === page.highlightedRunId.value);
  chart?.showOverlay({
    points: at === undefined || lines.length > linesWithPoints ? [] : lines.flatMap((line) => pointAt(line, at)),
    ...(at !== undefined && { cross: at }),
    ...(highlighted && { highlight: { line: highlighted, index: at === undefined ? -1 : nearestIndex(highlighted.x, at) } }),
    ...(drag && { drag }),
  });
};

const pointAt = (line: Line, at: number): readonly LinePoint[] => {
  const index = nearestIndex(line.x, at);
  const ended = at < (line.x[0] ?? 0) || at > (line.x.at(-1) ?? 0);
  return index < 0 || (ended && line.x[index] !== at) ? [] : [{ line, index }];
};

interface InteractionParts extends LinePlotProps {
  readonly chart: ReadonlySignal<LineChart | undefined>;
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
    page.highlightedRunId.value = undefined;
  };
  const show = (points: readonly LinePoint[], at: { readonly x: number; readonly y: number }, highlighted: LinePoint | undefined): void => {
    const [nearest] = points;
    if (nearest === undefined) return leave();
    const { axis } = data.peek().x;
    page.cursor.value = { axis, x: nearest.line.x[nearest.index] ?? 0, cardId };
    page.highlightedRunId.value = highlighted?.line.runId;
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
    const others = nearestPoints(data.peek().lines, position, projection).filter(({ line }) => line.runId !== point.line.runId);
    show([point, ...others], position, point);
    page.announcer.say(describePoint(point, metric, data.peek().x.axis));
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
    const point = readByKey(event.key, data.peek().lines, current(reading, data.peek().lines), data.peek().x.range);
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
  const line = lines.find(({ runId }) => runId === reading?.line.runId);
  return reading === undefined || line === undefined ? undefined : { line, index: nearestIndex(line.x, reading.line.x[reading.index] ?? 0) };
};
