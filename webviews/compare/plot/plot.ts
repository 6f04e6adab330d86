import { BasicPlatform, Chart, LinearScale, LogarithmicScale, PointElement, ScatterController } from 'chart.js';
import type { Theme } from '../../shared/theme.ts';
import { chartOptions, isLog, isSameAxis, type Axes } from './axes.ts';
import { project, type Projection } from './projection.ts';

Chart.register(ScatterController, PointElement, LinearScale, LogarithmicScale);

export type Paint = (context: CanvasRenderingContext2D, projection: Projection, theme: Theme) => void;

export interface PlotContent extends Axes {
  readonly theme: Theme;
  /** Draws the data between grid and frame. */
  readonly paint: Paint;
}

/** Two canvases over each other: axes and data below, what follows the pointer above, so that moving it paints no data again. */
export class Plot {
  readonly #chart: Chart<'scatter'>;
  readonly #overlayContext: CanvasRenderingContext2D | null;
  #content: PlotContent;
  #paintOverlay: Paint = () => {};
  /** What of the chart is older than its content. */
  #stale: 'nothing' | 'data' | 'axes' = 'nothing';
  #frame: number | undefined;

  constructor(canvas: HTMLCanvasElement, overlay: HTMLCanvasElement, content: PlotContent) {
    this.#content = content;
    this.#overlayContext = overlay.getContext('2d');
    this.#chart = new Chart(canvas, {
      type: 'scatter',
      data: { datasets: [] },
      options: chartOptions(content, content.theme),
      // chart.js paints and sizes itself before its constructor returns.
      plugins: [{ id: 'data', beforeDatasetsDraw: (chart) => this.#paint(chart), resize: (chart) => this.#fitOverlay(chart) }],
    });
    this.#fitOverlay(this.#chart);
  }

  /** Drawn with the next frame, however often it changes until then. */
  show(content: PlotContent): void {
    if (content === this.#content) return;
    const sameAxes = isSameAxis(content.x, this.#content.x) && isSameAxis(content.y, this.#content.y) && content.theme === this.#content.theme;
    if (!sameAxes) this.#stale = 'axes';
    else if (this.#stale === 'nothing') this.#stale = 'data';
    this.#content = content;
    this.#drawSoon();
  }

  showOverlay(paint: Paint): void {
    this.#paintOverlay = paint;
    this.#drawSoon();
  }

  /** Of what is shown last, which is drawn now if it is not yet. */
  get projection(): Projection {
    this.#drawChart();
    return this.#project(this.#chart);
  }

  dispose(): void {
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame);
    this.#chart.destroy();
  }

  #paint(chart: Chart): void {
    this.#content.paint(chart.ctx, this.#project(chart), this.#content.theme);
  }

  #project(chart: Chart): Projection {
    return projectionOf(chart, this.#content);
  }

  #fitOverlay({ width, height, currentDevicePixelRatio: ratio }: Chart): void {
    const context = this.#overlayContext;
    if (context === null) return;
    context.canvas.width = Math.round(width * ratio);
    context.canvas.height = Math.round(height * ratio);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.#drawSoon();
  }

  #drawSoon(): void {
    this.#frame ??= requestAnimationFrame(() => {
      this.#frame = undefined;
      this.#drawChart();
      this.#drawOverlay();
    });
  }

  #drawChart(): void {
    const stale = this.#stale;
    this.#stale = 'nothing';
    if (stale === 'data') this.#chart.draw();
    if (stale !== 'axes') return;
    this.#chart.options = chartOptions(this.#content, this.#content.theme);
    this.#chart.update('none');
  }

  #drawOverlay(): void {
    const context = this.#overlayContext;
    if (context === null) return;
    context.clearRect(0, 0, context.canvas.width, context.canvas.height);
    this.#paintOverlay(context, this.projection, this.#content.theme);
  }
}

const projectionOf = ({ chartArea, scales: { x, y } }: Chart, axes: Axes): Projection =>
  project(chartArea, { min: x?.min ?? 0, max: x?.max ?? 1, log: isLog(axes.x) }, { min: y?.min ?? 0, max: y?.max ?? 1, log: isLog(axes.y) });

interface PictureSize {
  /** CSS pixels. */
  readonly width: number;
  readonly height: number;
  readonly pixelRatio: number;
}

/** Draws on a canvas that is on no page; what it returns gives up what was needed for it, and wipes the canvas. */
export const drawOnce = (canvas: HTMLCanvasElement, content: PlotContent, { width, height, pixelRatio }: PictureSize): (() => void) => {
  canvas.width = width;
  canvas.height = height;
  const chart: Chart = new Chart(canvas, {
    type: 'scatter',
    // It neither watches nor styles what is on no page.
    platform: BasicPlatform,
    data: { datasets: [] },
    options: { ...chartOptions(content, content.theme), responsive: false, devicePixelRatio: pixelRatio },
    plugins: [{ id: 'data', beforeDatasetsDraw: (drawn) => content.paint(drawn.ctx, projectionOf(drawn, content), content.theme) }],
  });
  return () => chart.destroy();
};
