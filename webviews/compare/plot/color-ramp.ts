import { isLight, type Theme } from '../../shared/theme.ts';

type Rgb = readonly [red: number, green: number, blue: number];

/** Viridis at even distances: rises in lightness for every kind of colour vision. */
const viridis: readonly Rgb[] = [
  [68, 1, 84],
  [72, 40, 120],
  [62, 74, 137],
  [49, 104, 142],
  [38, 130, 142],
  [31, 158, 137],
  [53, 183, 121],
  [110, 206, 88],
  [181, 222, 43],
  [253, 231, 37],
];

/** The part of the scale that stands out from the background. */
const visible = (theme: Theme): readonly [from: number, to: number] => (isLight(theme.kind) ? [0, 0.78] : [0.3, 1]);

/** The colour of a share from 0 to 1; what is no number is grey. */
export const rampColor = (share: number, theme: Theme): string => {
  if (Number.isNaN(share)) return theme.muted;
  const [from, to] = visible(theme);
  const position = (from + Math.min(Math.max(share, 0), 1) * (to - from)) * (viridis.length - 1);
  const [low, high] = [viridis[Math.floor(position)], viridis[Math.ceil(position)]];
  if (low === undefined || high === undefined) return theme.muted;
  const part = position - Math.floor(position);
  return `rgb(${low.map((channel, at) => Math.round(channel + ((high[at] ?? channel) - channel) * part)).join(', ')})`;
};

/** Black or white, whichever reads better on the ramp's colour. */
export const textOnRamp = (share: number, theme: Theme): string => {
  const [from, to] = visible(theme);
  return from + share * (to - from) > 0.55 ? '#000000' : '#ffffff';
};

/** A colour of VS Code's, `#rgb` to `#rrggbbaa` or `rgba(…)`, with a share of its strength; in words that pictures for others know too. */
export const faded = (color: string, share: number): string => {
  const [red = 128, green = 128, blue = 128, alpha = 1] = channelsOf(color);
  return `rgba(${red}, ${green}, ${blue}, ${Number((alpha * share).toFixed(3))})`;
};

/** Red, green and blue of 255, and a share of strength where the colour has one. */
export const channelsOf = (color: string): readonly number[] => (color.startsWith('#') ? hexChannels(color) : (color.match(/[\d.]+/g) ?? []).map(Number));

const hexChannels = (color: string): readonly number[] => {
  const digits = color.length > 5 ? (color.slice(1).match(/../g) ?? []) : [...color.slice(1)].map((digit) => digit + digit);
  return digits.map((pair, at) => Number.parseInt(pair, 16) / (at === 3 ? 255 : 1));
};
