import { channelsOf } from '../plot/color-ramp.ts';

interface PixelSize {
  readonly width: number;
  readonly height: number;
}

interface PenStyle {
  /** As styles have it: `#rrggbb` or `rgb(…)`. */
  readonly color: string;
  readonly alpha: number;
  /** Pixels. */
  readonly width: number;
}

const opaque = 255;

/**
 * Pixels that lines are drawn into. A canvas turns each stroke into polygons before it fills them, which takes a thousand lines a tenth
 * of a second; here a line is, in each column of pixels, one stretch from its lowest to its highest place. Nothing lower or
 * higher than that is lost, however many points share a column.
 */
export class Raster {
  readonly #size: PixelSize;
  /** Column after column, which is how lines are drawn; colours times their alpha, red in the lowest byte. */
  readonly #pixels: Uint32Array;

  constructor(size: PixelSize) {
    this.#size = size;
    this.#pixels = new Uint32Array(size.width * size.height);
  }

  pen({ color, alpha, width }: PenStyle): Pen {
    return new Pen(this.#pixels, this.#size, { shades: shadesOf(color, alpha), width });
  }

  /** Row after row, four bytes for each pixel, as `ImageData` has them. */
  toRgba(): Uint8ClampedArray<ArrayBuffer> {
    const { width, height } = this.#size;
    const bytes = new Uint8ClampedArray(4 * width * height);
    const rows = new Uint32Array(bytes.buffer);
    for (let column = 0; column < width; column++) {
      for (let row = 0; row < height; row++) {
        const pixel = this.#pixels[column * height + row] ?? 0;
        if (pixel !== 0) rows[row * width + column] = withoutAlpha(pixel);
      }
    }
    return bytes;
  }
}

interface Ink {
  /** The colour for each share of a pixel that is covered, of 255. */
  readonly shades: Uint32Array;
  readonly width: number;
}

/** Draws one line after the other in one colour. A line is blended once with what lies below it, also where it turns. */
export class Pen {
  readonly #pixels: Uint32Array;
  readonly #size: PixelSize;
  readonly #ink: Ink;
  /** The stretch of the column that is not drawn yet. */
  #column = Number.NaN;
  #low = 0;
  #high = 0;
  #x = 0;
  #y = 0;

  constructor(pixels: Uint32Array, size: PixelSize, ink: Ink) {
    this.#pixels = pixels;
    this.#size = size;
    this.#ink = ink;
  }

  /** A line of so many points, broken where one has no place. */
  draw(x: Float64Array, y: Float64Array, points: number): void {
    let open = false;
    for (let at = 0; at < points; at++) {
      const across = x[at] ?? Number.NaN;
      const down = y[at] ?? Number.NaN;
      const hasPlace = Number.isFinite(down);
      if (hasPlace && open) this.lineTo(across, down);
      else if (hasPlace) this.moveTo(across, down);
      open = hasPlace;
    }
    this.end();
  }

  /** `x` never goes back along a line. */
  moveTo(x: number, y: number): void {
    this.end();
    this.#x = x;
    this.#low = this.#high = this.#y = y;
    this.#column = Math.floor(x);
  }

  lineTo(x: number, y: number): void {
    const target = Math.floor(x);
    if (target > this.#column) this.#leaveColumns(target, (y - this.#y) / (x - this.#x));
    if (y < this.#low) this.#low = y;
    if (y > this.#high) this.#high = y;
    this.#x = x;
    this.#y = y;
  }

  end(): void {
    this.#fill(this.#column, this.#low, this.#high);
    this.#column = Number.NaN;
  }

  dot(x: number, y: number, radius: number): void {
    for (let column = Math.ceil(x - radius - 0.5); column + 0.5 <= x + radius; column++) {
      const reach = Math.sqrt(radius * radius - (column + 0.5 - x) ** 2);
      this.#fill(column, y - reach, y + reach);
    }
  }

  /** Columns before the first and behind the last are passed in one step: a zoomed line comes from far away. */
  #leaveColumns(target: number, slope: number): void {
    if (this.#column < 0) {
      this.#column = Math.min(target, 0);
      this.#low = this.#high = this.#y + (this.#column - this.#x) * slope;
    }
    const last = Math.min(target, this.#size.width);
    while (this.#column < last) {
      const exit = this.#y + (this.#column + 1 - this.#x) * slope;
      this.#fill(this.#column, Math.min(this.#low, exit), Math.max(this.#high, exit));
      this.#low = this.#high = exit;
      this.#column += 1;
    }
    this.#column = target;
  }

  /** As dark as a stroke of this width: a slanted one covers only parts of the pixels that it crosses. */
  #fill(column: number, low: number, high: number): void {
    const { width: columns, height } = this.#size;
    if (!(column >= 0 && column < columns)) return;
    const { width } = this.#ink;
    const top = Math.max(low - width / 2, 0);
    const bottom = Math.min(high + width / 2, height);
    if (!(top < bottom)) return;
    const rise = Math.min(high - low, height);
    const strength = opaque * Math.min(1, (width * Math.sqrt(1 + rise * rise)) / (rise + width));
    const first = top | 0;
    const last = Math.ceil(bottom) - 1;
    const start = column * height;
    const { shades } = this.#ink;
    const pixels = this.#pixels;
    if (first === last) return blend(pixels, start + first, shades[(strength * (bottom - top)) | 0]);
    blend(pixels, start + first, shades[(strength * (first + 1 - top)) | 0]);
    const whole = shades[strength | 0];
    for (let at = start + first + 1; at < start + last; at++) blend(pixels, at, whole);
    blend(pixels, start + last, shades[(strength * (bottom - last)) | 0]);
  }
}

/** Two channels at a time: each has eight bits to spare above it. */
const blend = (pixels: Uint32Array, at: number, shade = 0): void => {
  const below = pixels[at] ?? 0;
  const rest = 256 - (shade >>> 24);
  const redAndBlue = (Math.imul(below & 0xff00ff, rest) >>> 8) & 0xff00ff;
  const greenAndAlpha = Math.imul((below >>> 8) & 0xff00ff, rest) & 0xff00ff00;
  pixels[at] = shade + redAndBlue + greenAndAlpha;
};

const shadesOf = (color: string, alpha: number): Uint32Array => {
  const [red = 0, green = 0, blue = 0, own = 1] = channelsOf(color);
  return Uint32Array.from({ length: opaque + 1 }, (_, coverage) => {
    const share = (coverage / opaque) * alpha * own;
    return pack([red * share, green * share, blue * share, opaque * share]);
  });
};

const pack = ([red, green, blue, alpha]: readonly [number, number, number, number]): number =>
  ((Math.round(alpha) << 24) | (Math.round(blue) << 16) | (Math.round(green) << 8) | Math.round(red)) >>> 0;

/** As `ImageData` has its colours: not times their alpha. */
const withoutAlpha = (pixel: number): number => {
  const alpha = pixel >>> 24;
  if (alpha === opaque) return pixel;
  const factor = opaque / alpha;
  const red = Math.min(opaque, (pixel & opaque) * factor);
  const green = Math.min(opaque, ((pixel >>> 8) & opaque) * factor);
  const blue = Math.min(opaque, ((pixel >>> 16) & opaque) * factor);
  return ((alpha << 24) | (blue << 16) | (green << 8) | red) >>> 0;
};
