/**
 * As much of a canvas as chart.js and our own painters use, writing SVG: what is drawn is kept as vectors and text. Libraries that do this
 * set inline styles, which the page's policy forbids.
 */
export class SvgCanvas {
  width: number;
  height: number;
  readonly #context: SvgContext;

  constructor(width: number, height: number) {
    this.width = width;
    this.height = height;
    this.#context = new SvgContext(this);
  }

  getContext(): CanvasRenderingContext2D {
    return this.#context as unknown as CanvasRenderingContext2D;
  }

  /** The picture as a document of its own. `size` is of the whole picture: chart.js sets that of the canvas to its own part. */
  toSvg({ width, height }: { readonly width: number; readonly height: number }): string {
    const { definitions, elements } = this.#context;
    const head = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`;
    return `${head}<defs>${definitions.join('')}</defs>${elements.join('\n')}</svg>\n`;
  }
}

type Matrix = readonly [a: number, b: number, c: number, d: number, e: number, f: number];
const identity: Matrix = [1, 0, 0, 1, 0, 0];

interface State {
  fillStyle: string;
  strokeStyle: string;
  lineWidth: number;
  lineJoin: string;
  globalAlpha: number;
  font: string;
  textAlign: string;
  textBaseline: string;
  dash: readonly number[];
  matrix: Matrix;
  clip: string;
}

const initial: State = {
  fillStyle: '#000000',
  strokeStyle: '#000000',
  lineWidth: 1,
  lineJoin: 'miter',
  globalAlpha: 1,
  font: '10px sans-serif',
  textAlign: 'start',
  textBaseline: 'alphabetic',
  dash: [],
  matrix: identity,
  clip: '',
};

const anchors: Readonly<Record<string, string>> = { center: 'middle', right: 'end', end: 'end' };
const baselines: Readonly<Record<string, string>> = { middle: 'central', top: 'text-before-edge', bottom: 'text-after-edge' };

class SvgContext {
  readonly definitions: string[] = [];
  readonly elements: string[] = [];
  readonly canvas: SvgCanvas;
  readonly #ruler = new OffscreenCanvas(1, 1).getContext('2d');
  #state: State = initial;
  #saved: State[] = [];
  #path: string[] = [];

  constructor(canvas: SvgCanvas) {
    this.canvas = canvas;
  }

  get fillStyle(): string {
    return this.#state.fillStyle;
  }
  set fillStyle(fillStyle: string) {
    this.#state = { ...this.#state, fillStyle };
  }
  get strokeStyle(): string {
    return this.#state.strokeStyle;
  }
  set strokeStyle(strokeStyle: string) {
    this.#state = { ...this.#state, strokeStyle };
  }
  get lineWidth(): number {
    return this.#state.lineWidth;
  }
  set lineWidth(lineWidth: number) {
    this.#state = { ...this.#state, lineWidth };
  }
  get lineJoin(): string {
    return this.#state.lineJoin;
  }
  set lineJoin(lineJoin: string) {
    this.#state = { ...this.#state, lineJoin };
  }
  get globalAlpha(): number {
    return this.#state.globalAlpha;
  }
  set globalAlpha(globalAlpha: number) {
    this.#state = { ...this.#state, globalAlpha };
  }
  get font(): string {
    return this.#state.font;
  }
  set font(font: string) {
    this.#state = { ...this.#state, font };
  }
  get textAlign(): string {
    return this.#state.textAlign;
  }
  set textAlign(textAlign: string) {
    this.#state = { ...this.#state, textAlign };
  }
  get textBaseline(): string {
    return this.#state.textBaseline;
  }
  set textBaseline(textBaseline: string) {
    this.#state = { ...this.#state, textBaseline };
  }

  save(): void {
    this.#saved.push(this.#state);
  }

  restore(): void {
    this.#state = this.#saved.pop() ?? this.#state;
  }

  setLineDash(dash: readonly number[]): void {
    this.#state = { ...this.#state, dash };
  }

  translate(x: number, y: number): void {
    this.#multiply([1, 0, 0, 1, x, y]);
  }

  rotate(angle: number): void {
    this.#multiply([Math.cos(angle), Math.sin(angle), -Math.sin(angle), Math.cos(angle), 0, 0]);
  }

  /** Of a chart, which would put itself into the corner of the picture: it stays where it is. */
  setTransform(): void {}
  resetTransform(): void {}
  clearRect(): void {}

  beginPath(): void {
    this.#path = [];
  }

  moveTo(x: number, y: number): void {
    this.#path.push(`M${this.#at(x, y)}`);
  }

  lineTo(x: number, y: number): void {
    this.#path.push(`${this.#path.length === 0 ? 'M' : 'L'}${this.#at(x, y)}`);
  }

  closePath(): void {
    this.#path.push('Z');
  }

  rect(x: number, y: number, width: number, height: number): void {
    this.#path.push(`M${this.#at(x, y)}L${this.#at(x + width, y)}L${this.#at(x + width, y + height)}L${this.#at(x, y + height)}Z`);
  }

  /** Whole circles, as all that is drawn here are. */
  arc(x: number, y: number, radius: number): void {
    const half = `A${radius} ${radius} 0 0 1 `;
    this.#path.push(`M${this.#at(x - radius, y)}${half}${this.#at(x + radius, y)}${half}${this.#at(x - radius, y)}Z`);
  }

  clip(): void {
    const id = `clip${this.definitions.length}`;
    this.definitions.push(`<clipPath id="${id}"><path d="${this.#path.join('')}"/></clipPath>`);
    this.#state = { ...this.#state, clip: ` clip-path="url(#${id})"` };
  }

  fill(): void {
    this.#addPath(`fill="${attribute(this.fillStyle)}"`);
  }

  stroke(): void {
    this.#addPath(`fill="none" ${this.#pen()}`);
  }

  fillRect(x: number, y: number, width: number, height: number): void {
    this.#withOwnPath(() => this.rect(x, y, width, height));
    this.fill();
  }

  strokeRect(x: number, y: number, width: number, height: number): void {
    this.#withOwnPath(() => this.rect(x, y, width, height));
    this.stroke();
  }

  measureText(text: string): TextMetrics {
    if (this.#ruler === null) throw new Error('This browser gives no canvas to measure text with');
    this.#ruler.font = this.font;
    return this.#ruler.measureText(text);
  }

  fillText(text: string, x: number, y: number): void {
    this.#addText(text, [x, y], `fill="${attribute(this.fillStyle)}"`);
  }

  strokeText(text: string, x: number, y: number): void {
    this.#addText(text, [x, y], `fill="none" ${this.#pen()}`);
  }

  #multiply([a, b, c, d, e, f]: Matrix): void {
    const [a0, b0, c0, d0, e0, f0] = this.#state.matrix;
    const matrix: Matrix = [a0 * a + c0 * b, b0 * a + d0 * b, a0 * c + c0 * d, b0 * c + d0 * d, a0 * e + c0 * f + e0, b0 * e + d0 * f + f0];
    this.#state = { ...this.#state, matrix };
  }

  #at(x: number, y: number): string {
    const [a, b, c, d, e, f] = this.#state.matrix;
    return `${short(a * x + c * y + e)} ${short(b * x + d * y + f)}`;
  }

  #withOwnPath(draw: () => void): void {
    this.beginPath();
    draw();
  }

  #pen(): string {
    const { strokeStyle, lineWidth, lineJoin, dash } = this.#state;
    return `stroke="${attribute(strokeStyle)}" stroke-width="${lineWidth}" stroke-linejoin="${lineJoin}"${dash.length > 0 ? ` stroke-dasharray="${dash.join(' ')}"` : ''}`;
  }

  #shared(): string {
    const { globalAlpha, clip } = this.#state;
    return `${globalAlpha < 1 ? ` opacity="${globalAlpha}"` : ''}${clip}`;
  }

  #addPath(look: string): void {
    if (this.#path.length > 0) this.elements.push(`<path d="${this.#path.join('')}" ${look}${this.#shared()}/>`);
  }

  #addText(text: string, [x, y]: readonly [number, number], look: string): void {
    const { font, textAlign, textBaseline, matrix } = this.#state;
    const turned = matrix[1] === 0 ? '' : ` transform="matrix(${matrix.map(short).join(' ')})"`;
    const place = turned === '' ? this.#at(x, y) : `${short(x)} ${short(y)}`;
    const [left, top] = place.split(' ');
    const words = `text-anchor="${anchors[textAlign] ?? 'start'}" dominant-baseline="${baselines[textBaseline] ?? 'auto'}" ${fontOf(font)}`;
    this.elements.push(`<text x="${left}" y="${top}"${turned} ${words} ${look}${this.#shared()}>${content(text)}</text>`);
  }
}

const short = (value: number): string => String(Math.round(value * 100) / 100);

/** `bold 14px "Some Font", sans-serif`, as canvases have it. */
const fontOf = (font: string): string => {
  const [, weight = '', size = '10', family = 'sans-serif'] = /^(?:normal )?(bold )?([\d.]+)px(?:\/\S+)? (.*)$/.exec(font) ?? [];
  return `font-family="${attribute(family)}" font-size="${size}"${weight === '' ? '' : ' font-weight="bold"'}`;
};

const content = (text: string): string => text.replace(/[&<>]/g, (character) => `&#${character.charCodeAt(0)};`);
const attribute = (text: string): string => text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
