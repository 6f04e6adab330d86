import type { ReadonlySignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { XAxis } from '../../../schemas/compare-charts.ts';
import { formatInteger, formatNumber } from '../../../schemas/format.ts';
import { placeTooltip } from '../plot/tooltip.ts';
import { RunSwatch } from '../run-swatch.tsx';
import type { LinePoint } from './nearest.ts';
import { axisTitle, formatPosition, metricOfAxis } from './x-axis.ts';

export interface TooltipContent {
  /** Nearest first. */
  readonly points: readonly LinePoint[];
  readonly axis: XAxis;
  /** Pixels within the plot. */
  readonly at: { readonly x: number; readonly y: number };
}

const pointsListed = 10;

export const LineTooltip = ({ content }: { readonly content: ReadonlySignal<TooltipContent | undefined> }): JSX.Element | null => {
  const element = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (element.current !== null && content.value !== undefined) placeTooltip(element.current, content.value.at);
  });
  if (content.value === undefined) return null;
  const { points, axis } = content.value;
  const [nearest] = points;
  if (nearest === undefined) return null;
  const more = points.length - pointsListed;
  return (
    <div ref={element} class="tooltip" role="presentation">
      <div class="tooltip-title">{formatX(nearest, axis)}</div>
      <table>
        <tbody>
          {points.slice(0, pointsListed).map((point) => (
            <PointRow key={point.line.id} point={point} beside={nearest} />
          ))}
        </tbody>
      </table>
      {more > 0 && <div class="tooltip-more">and {formatInteger(more)} more</div>}
    </div>
  );
};

/** Down-sampled lines have their points at different steps: a step that is not the title's is told. */
const PointRow = ({ point: { line, index }, beside }: { readonly point: LinePoint; readonly beside: LinePoint }): JSX.Element => {
  const step = line.steps[index] ?? 0;
  const value = line.y[index] ?? Number.NaN;
  const raw = line.raw[index] ?? Number.NaN;
  const { band } = line;
  return (
    <tr>
      <td class="tooltip-run">
        <RunSwatch style={line.style} />
        <span>{line.name}</span>
      </td>
      <td class="tooltip-value">{formatNumber(value)}</td>
      {band !== undefined && (
        <td class="tooltip-raw">
          {formatNumber(band.low[index] ?? Number.NaN)} – {formatNumber(band.high[index] ?? Number.NaN)}, n = {band.count[index]}
        </td>
      )}
      {line.raw !== line.y && <td class="tooltip-raw">({formatNumber(raw)})</td>}
      {band === undefined && step !== beside.line.steps[beside.index] && <td class="tooltip-raw">step {formatInteger(step)}</td>}
    </tr>
  );
};

const formatX = ({ line, index }: LinePoint, axis: XAxis): string => {
  const position = namedPosition(line.x[index] ?? 0, axis);
  return line.band !== undefined || axis === 'step' ? position : `${position} · Step ${formatInteger(line.steps[index] ?? 0)}`;
};

/** Times speak for themselves. */
const namedPosition = (x: number, axis: XAxis): string =>
  axis === 'step' || metricOfAxis(axis) !== undefined ? `${axisTitle(axis)} ${formatPosition(x, axis)}` : formatPosition(x, axis);

/** What a screen reader says of a point. */
export const describePoint = (point: LinePoint, metric: string, axis: XAxis): string =>
  `${point.line.name}, ${formatX(point, axis)}, ${metric} ${formatNumber(point.line.y[point.index] ?? Number.NaN)}`;
