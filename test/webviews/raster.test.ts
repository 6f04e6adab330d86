import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { Raster } from '../../webviews/compare/lines/raster.ts';

const width = 60;
const height = 40;
const red = { color: '#ff0000', alpha: 1, width: 1 };

type Point = readonly [x: number, y: number];

const draw = (lines: readonly (readonly Point[])[], style = red): Uint8ClampedArray => {
  const raster = new Raster({ width, height });
  const pen = raster.pen(style);
  for (const [first, ...others] of lines) {
    if (first !== undefined) pen.moveTo(...first);
    for (const point of others) pen.lineTo(...point);
  }
  pen.end();
  return raster.toRgba();
};

const pixelAt = (bytes: Uint8ClampedArray, x: number, y: number): readonly number[] => {
  const at = 4 * (Math.floor(y) * width + Math.floor(x));
  return [...bytes.subarray(at, at + 4)];
};

const alphaAt = (bytes: Uint8ClampedArray, x: number, y: number): number => pixelAt(bytes, x, y)[3] ?? 0;

describe('Lines as pixels of our own', () => {
  test('pass through every point, however many share a column', () => {
    const point = fc.tuple(fc.double({ min: 0, max: width - 0.01, noNaN: true }), fc.double({ min: 0, max: height - 0.01, noNaN: true }));
    fc.assert(
      fc.property(fc.array(point, { minLength: 2, maxLength: 200 }), (points) => {
        const line = points.toSorted((left, right) => left[0] - right[0]);
        const bytes = draw([line]);
        for (const [x, y] of line) expect(alphaAt(bytes, x, y)).toBeGreaterThan(0);
      }),
    );
  });

  test('lie in each column between the ends of what crosses it, and nowhere else', () => {
    const bytes = draw([
      [
        [0, 10.5],
        [60, 30.5],
      ],
    ]);
    for (let column = 0; column < width; column++) {
      const middle = 10.5 + ((column + 0.5) * 20) / 60;
      for (let row = 0; row < height; row++) {
        const distance = Math.abs(row + 0.5 - middle);
        if (distance < 0.3) expect(alphaAt(bytes, column, row)).toBeGreaterThan(100);
        if (distance > 1.5) expect(alphaAt(bytes, column, row)).toBe(0);
      }
    }
  });

  test('are as strong as a stroke of their width: a whole pixel on a row, half of two between rows', () => {
    expect(
      pixelAt(
        draw([
          [
            [0, 5.5],
            [59, 5.5],
          ],
        ]),
        30,
        5,
      ),
    ).toEqual([255, 0, 0, 255]);
    const between = draw([
      [
        [0, 6],
        [59, 6],
      ],
    ]);
    expect([alphaAt(between, 30, 5), alphaAt(between, 30, 6)]).toEqual([127, 127]);
  });

  test('come from far outside and go there, with nothing lost in between', () => {
    const far = draw([
      [
        [-1e6, 20.5],
        [10.5, 20.5],
        [11.5, -1e9],
        [12.5, 1e300],
        [13.5, 20.5],
        [1e9, 20.5],
      ],
    ]);
    for (const column of [0, 9, 14, 59]) expect(alphaAt(far, column, 20)).toBeGreaterThan(100);
    // Down from above everything, beyond the bottom, and back: in the columns that it crosses, and in none where it is far below.
    for (const row of [0, 39]) expect(alphaAt(far, 11, row)).toBeGreaterThan(100);
    for (const row of [0, 39]) expect(alphaAt(far, 12, row)).toBe(0);
  });

  test('have gaps, and a point between two gaps is seen', () => {
    const bytes = draw([
      [
        [0, 5.5],
        [10.9, 5.5],
      ],
      [[20.5, 5.5]],
      [
        [30, 5.5],
        [40, 5.5],
      ],
    ]);
    expect([10, 11, 19, 20, 21, 30].map((x) => alphaAt(bytes, x, 5) > 0)).toEqual([true, false, false, true, false, true]);
  });

  test('lie over each other as strokes do', () => {
    const raster = new Raster({ width, height });
    for (const color of ['#ff0000', '#0000ff']) {
      const pen = raster.pen({ color, alpha: 0.5, width: 1 });
      pen.moveTo(0, 5.5);
      pen.lineTo(59, 5.5);
      pen.end();
    }
    const [r = 0, g = 0, b = 0, alpha = 0] = pixelAt(raster.toRgba(), 30, 5);
    // Half of blue over half of red: 2/3 and 1/3 of what is opaque, three quarters of the whole.
    for (const [found, wanted] of [
      [r, 85],
      [g, 0],
      [b, 170],
      [alpha, 191],
    ] as const)
      expect(Math.abs(found - wanted)).toBeLessThanOrEqual(3);
  });

  test('end in a dot where a run goes on', () => {
    const raster = new Raster({ width, height });
    raster.pen(red).dot(30, 20, 3);
    const bytes = raster.toRgba();
    expect([alphaAt(bytes, 30, 20), alphaAt(bytes, 31, 18)].every((alpha) => alpha > 100)).toBe(true);
    expect([alphaAt(bytes, 35, 20), alphaAt(bytes, 30, 26)]).toEqual([0, 0]);
  });
});
