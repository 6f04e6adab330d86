/**
 * Twelve hues that stay apart for people with any colour-vision deficiency, each with at least 3:1
 * contrast on its kind of background. A run's hue comes from its id alone, so that it is the same in
 * every view and every window.
 */
export const runHues: readonly { readonly dark: string; readonly light: string }[] = [
  { dark: '#e27271', light: '#922251' },
  { dark: '#8a7004', light: '#935c2b' },
  { dark: '#ceac08', light: '#f06a12' },
  { dark: '#def958', light: '#413d0b' },
  { dark: '#2de497', light: '#17a679' },
  { dark: '#a1fcec', light: '#227f8b' },
  { dark: '#65b0bb', light: '#42518e' },
  { dark: '#3c78b1', light: '#3c06a7' },
  { dark: '#c3c4f4', light: '#9d89c2' },
  { dark: '#a088fc', light: '#cb57fc' },
  { dark: '#853ff5', light: '#7e2edb' },
  { dark: '#b83e78', light: '#610566' },
];

const hexColor = /^#[\da-f]{6}$/i;

/** `mlflow.runColor` is a tag, so it is anybody's text: only `#rrggbb` counts. */
export const isRunColor = (text: string): boolean => hexColor.test(text);

const fnvOffset = 0x811c9dc5;
const fnvPrime = 0x01000193;

/** Index into `runHues`: FNV-1a of the id, so that ids that differ in one digit get unrelated hues. */
export const runHueIndex = (runId: string): number => {
  let hash = fnvOffset;
  for (let at = 0; at < runId.length; at++) hash = Math.imul(hash ^ runId.charCodeAt(at), fnvPrime);
  return ((hash ^ (hash >>> 15)) >>> 0) % runHues.length;
};

const channels = (color: string): readonly number[] => [1, 3, 5].map((at) => parseInt(color.slice(at, at + 2), 16));

const distance = (left: string, right: string): number => {
  const others = channels(right);
  return channels(left).reduce((sum, channel, at) => sum + (channel - (others[at] ?? 0)) ** 2, 0);
};

/** Index into `runHues` of what looks most like a `#rrggbb`, on either kind of background. */
export const nearestHueIndex = (color: string): number => {
  const distances = runHues.map(({ dark, light }) => Math.min(distance(color, dark), distance(color, light)));
  return distances.indexOf(Math.min(...distances));
};
