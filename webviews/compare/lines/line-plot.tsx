import { useComputed, useSignal, useSignalEffect, type ReadonlySignal, type Signal } from '@preact/signals';
import type { JSX, RefObject } from 'preact';
import { useEffect, useId, useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import type { LineData } from './line-data.ts';
import { Plot } from '../plot/plot.ts';
import type { Line } from './line.ts';
import type { Range } from '../plot/range.ts';
import type { LinePoint } from './nearest.ts';
import { followPointer } from '../plot/pointer.ts';
import { createInteraction } from './line-interaction.ts';
import type { Theme } from '../../shared/theme.ts';
import type { PlotContent } from '../plot/plot.ts';
import { paintLines } from './paint.ts';
import { paintOverlay, type Overlay } from './overlay.ts';
import { LineTooltip, type TooltipContent } from './line-tooltip.tsx';
import { nearestIndex } from '../../shared/search.ts';
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
  const elements: PlotElements = { frame: useRef<HTMLDivElement>(null), lines: useRef<HTMLCanvasElement>(null), overlay: useRef<HTMLCanvasElement>(null) };
  const tooltip = useSignal<TooltipContent | undefined>(undefined);
  const drag = useSignal<Range | undefined>(undefined);
  const help = useId();
  const lineCount = useComputed(() => props.data.value.lines.length);

  // Before anything is asked for: histories come in the detail of the width.
  useLayoutEffect(() => {
    if (elements.frame.current !== null) props.width.value = elements.frame.current.clientWidth;
  }, [props.width]);
  const chart = usePlot(props, elements);
  useSignalEffect(() => showCursor(page, chart.value, props.data.value, drag.value));

  const interaction = useMemo(() => createInteraction(page, { ...props, chart, tooltip, drag }), [page, props.cardId, props.data]);
  useEffect(() => (elements.frame.current === null ? undefined : followPointer(elements.frame.current, interaction.pointer)), [interaction]);

  return (
    <div
      ref={elements.frame}
      class="plot"
      role="application"
      tabIndex={0}
      aria-roledescription="line chart"
      aria-label={`${props.metric}, ${lineCount.value} lines`}
      aria-describedby={help}
      onKeyDown={interaction.onKeyDown}
      onBlur={interaction.leave}
    >
      <canvas ref={elements.lines} class="plot-lines" />
      <canvas ref={elements.overlay} class="plot-overlay" aria-hidden="true" />
      <span id={help} class="visually-hidden">
        Arrow keys read along a line and move between lines. Plus and minus zoom, 0 shows everything.
      </span>
      <LineTooltip content={tooltip} />
    </div>
  );
};

interface PlotElements {
  readonly frame: RefObject<HTMLDivElement | null>;
  readonly lines: RefObject<HTMLCanvasElement | null>;
  readonly overlay: RefObject<HTMLCanvasElement | null>;
}

/** The plot of the elements while these are there, which shows the newest data in the newest colours. */
const usePlot = ({ cardId, metric, data, width }: LinePlotProps, { frame, lines, overlay }: PlotElements): ReadonlySignal<Plot | undefined> => {
  const page = usePage();
  const plot = useSignal<Plot | undefined>(undefined);
  const content = useComputed(() => contentOf(data.value, page.theme.value));
  useLayoutEffect(() => {
    if (frame.current === null || lines.current === null || overlay.current === null) return undefined;
    const created = new Plot(lines.current, overlay.current, content.peek());
    plot.value = created;
    const stopMeasuring = watchWidth(frame.current, width);
    const stopInspection = page.inspection.register(cardId, () => {
      const shown = data.peek();
      return {
        metric,
        loading: shown.loading,
        lines: shown.lines,
        members: shown.members,
        get projection() {
          return created.projection;
        },
      };
    });
    return () => {
      plot.value = undefined;
      stopInspection();
      stopMeasuring();
      created.dispose();
    };
  }, [page, cardId, data]);
  useSignalEffect(() => plot.value?.show(content.value));
  return plot;
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
