import { drawOnce } from '../plot/plot.ts';
import type { CardContentOut } from './card-content.ts';
import { SvgCanvas } from './svg-canvas.ts';

export interface Size {
  readonly width: number;
  readonly height: number;
}

const titleHeight = 30;
const legendRow = 18;
const legendColumn = 200;
const mostInLegend = 30;
const margin = 8;
/** Sharp on screens of today and in print. */
const pixelRatio = 2;

export const toPng = async (content: CardContentOut, size: Size): Promise<ArrayBuffer> => {
  const whole = wholeSize(content, size);
  const canvas = new OffscreenCanvas(whole.width * pixelRatio, whole.height * pixelRatio);
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('This browser gives no canvas to draw on');
  context.scale(pixelRatio, pixelRatio);
  const plot = document.createElement('canvas');
  const finish = drawOnce(plot, content.plot, { ...size, pixelRatio });
  paintAround(context as unknown as CanvasRenderingContext2D, content, { size, whole });
  context.drawImage(plot, 0, titleHeight, size.width, size.height);
  finish();
  return await (await canvas.convertToBlob({ type: 'image/png' })).arrayBuffer();
};

/** The same strokes as vectors. */
export const toSvg = (content: CardContentOut, size: Size): string => {
  const whole = wholeSize(content, size);
  const canvas = new SvgCanvas(size.width, size.height);
  const context = canvas.getContext();
  paintAround(context, content, { size, whole });
  context.save();
  context.translate(0, titleHeight);
  drawOnce(canvas as unknown as HTMLCanvasElement, content.plot, { ...size, pixelRatio: 1 });
  context.restore();
  return canvas.toSvg(whole);
};

const legendRows = ({ legend }: CardContentOut, { width }: Size): number => {
  const shown = Math.min(legend.length, mostInLegend);
  return Math.ceil(shown / perRow(width)) + (legend.length > mostInLegend ? 1 : 0);
};

const perRow = (width: number): number => Math.max(1, Math.floor((width - 2 * margin) / legendColumn));

const wholeSize = (content: CardContentOut, size: Size): Size => ({
  width: size.width,
  height: titleHeight + size.height + legendRows(content, size) * legendRow + margin,
});

interface Frame {
  /** Of the plot. */
  readonly size: Size;
  readonly whole: Size;
}

/** Background, title and legend: a picture has to be understood without its page. */
const paintAround = (context: CanvasRenderingContext2D, content: CardContentOut, { size, whole }: Frame): void => {
  const { theme } = content.plot;
  context.fillStyle = theme.background;
  context.fillRect(0, 0, whole.width, whole.height);
  context.fillStyle = theme.foreground;
  context.textBaseline = 'middle';
  context.font = `bold 14px ${theme.fontFamily}`;
  context.fillText(content.title, margin, titleHeight / 2);
  context.font = `11px ${theme.fontFamily}`;
  const columns = perRow(size.width);
  const top = titleHeight + size.height + legendRow / 2;
  for (const [index, { label, style }] of content.legend.slice(0, mostInLegend).entries()) {
    const [x, y] = [margin + (index % columns) * legendColumn, top + Math.floor(index / columns) * legendRow];
    context.strokeStyle = style.color;
    context.lineWidth = 2;
    context.setLineDash([...style.dash]);
    context.beginPath();
    context.moveTo(x, y);
    context.lineTo(x + 20, y);
    context.stroke();
    context.setLineDash([]);
    context.fillText(shortened(label), x + 26, y);
  }
  if (content.legend.length <= mostInLegend) return;
  context.fillText(`and ${content.legend.length - mostInLegend} more`, margin, top + (legendRows(content, size) - 1) * legendRow);
};

const longestLabel = 28;
const shortened = (label: string): string => (label.length > longestLabel ? `${label.slice(0, longestLabel - 1)}…` : label);
