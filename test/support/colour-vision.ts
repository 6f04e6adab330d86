/** Distances between colours as different eyes see them: OKLab after the simulation of Machado, Oliveira and Fernandes (2009). */
type Triple = readonly [number, number, number];
type Matrix = readonly [Triple, Triple, Triple];

export const visions: Readonly<Record<string, Matrix>> = {
  normal: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

const channel = (hex: string, at: number): number => {
  const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
};
const linear = (hex: string): Triple => [channel(hex, 1), channel(hex, 3), channel(hex, 5)];
const dot = ([a, b, c]: Triple, [x, y, z]: Triple): number => a * x + b * y + c * z;
const clamp = (value: number): number => Math.min(1, Math.max(0, value));
const seenBy = ([red, green, blue]: Matrix, color: Triple): Triple => [clamp(dot(red, color)), clamp(dot(green, color)), clamp(dot(blue, color))];

const oklab = (color: Triple): Triple => {
  const l = Math.cbrt(dot([0.4122214708, 0.5363325363, 0.0514459929], color));
  const m = Math.cbrt(dot([0.2119034982, 0.6806995451, 0.1073969566], color));
  const s = Math.cbrt(dot([0.0883024619, 0.2817188376, 0.6299787005], color));
  const cone: Triple = [l, m, s];
  return [
    dot([0.2104542553, 0.793617785, -0.0040720468], cone),
    dot([1.9779984951, -2.428592205, 0.4505937099], cone),
    dot([0.0259040371, 0.7827717662, -0.808675766], cone),
  ];
};

export const distance = (left: string, right: string, vision: Matrix): number => {
  const [a, b, c] = oklab(seenBy(vision, linear(left)));
  const [x, y, z] = oklab(seenBy(vision, linear(right)));
  return Math.hypot(a - x, b - y, c - z);
};

const luminance = (hex: string): number => dot([0.2126, 0.7152, 0.0722], linear(hex));

/** WCAG's contrast ratio. */
export const contrast = (left: string, right: string): number => {
  const [low = 0, high = 0] = [luminance(left), luminance(right)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
};
