import { Chart, LinearScale, LogarithmicScale, PointElement, ScatterController } from 'chart.js';
import type { Theme } from '../../shared/theme.ts';
import { chartOptions, type Axes } from './chart-options.ts';
import type { Line } from './line.ts';
import { paintOverlay, type Overlay } from './overlay.ts';
import { paintLines } from './paint.ts';
import { project, type Projection } from './projection.ts';

Chart.register(ScatterController, PointElement, LinearScale, LogarithmicScale);

export interface LineChartContent extends Axes {
  readonly lines: readonly Line[];
  readonly theme: Theme;
}

const nothingOver: Overlay = { points: [] };

/** Two canvases over each other: axes and lines below, what follows the pointer above, so that moving it paints no line again. */
export class LineChart {
  readonly #chart: Chart<'scatter'>;
  readonly #overlayContext: CanvasRenderingContext2D | null;
  #content: LineChartContent;
  #overlay = nothingOver;
  #frame: number | undefined;

  constructor(canvas: HTMLCanvasElement, overlay: HTMLCanvasElement, content: LineChartContent) {
    this.#content = content;
    this.#overlayContext = overlay.getContext('2d');
    this.#chart = new Chart(canvas, {
      type: 'scatter',
      data: { datasets: [] },
      options: chartOptions(content, content.theme),
      // chart.js paints and sizes itself before its constructor returns.
      plugins: [
        {
          id: 'lines',
          beforeDatasetsDraw: (chart) => paintLines(chart.ctx, this.#content.lines, this.#project(chart)),
          resize: (chart) => this.#fitOverlay(chart),
        },
      ],
    });
    this.#fitOverlay(this.#chart);
  }

  show(content: LineChartContent): void {
    const sameAxes = content.x === this.#content.x && content.y === this.#content.y && content.theme === this.#content.theme;
    this.#content = content;
    if (sameAxes) {
      this.#chart.draw();
    } else {
      this.#chart.options = chartOptions(content, content.theme);
      this.#chart.update('none');
    }
    this.#paintOverlaySoon();
  }

  showOverlay(overlay: Overlay): void {
    this.#overlay = overlay;
    this.#paintOverlaySoon();
  }

  get projection(): Projection {
    return this.#project(this.#chart);
  }

  dispose(): void {
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame);
    this.#chart.destroy();
  }

  #project({ chartArea, scales: { x, y } }: Chart): Projection {
    return project(chartArea, { min: x?.min ?? 0, max: x?.max ?? 1 }, { min: y?.min ?? 0, max: y?.max ?? 1, log: this.#content.y.log });
  }

  #fitOverlay({ width, height, currentDevicePixelRatio: ratio }: Chart): void {
    const context = this.#overlayContext;
    if (context === null) return;
    context.canvas.width = Math.round(width * ratio);
    context.canvas.height = Math.round(height * ratio);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.#paintOverlaySoon();
  }

  #paintOverlaySoon(): void {
    this.#frame ??= requestAnimationFrame(() => {
      this.#frame = undefined;
      if (this.#overlayContext !== null) paintOverlay(this.#overlayContext, this.#overlay, this.projection, this.#content.theme);
    });
  }
}
