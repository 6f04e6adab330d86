import { describe, expect, test } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { nearestHueIndex, runHueIndex, runHues } from '../../schemas/run-color.ts';
import { dashes, styleRuns } from '../../webviews/shared/palette.ts';
import { contrast, distance, visions } from '../support/colour-vision.ts';

const backgrounds = { dark: ['#1f1f1f', '#000000'], light: ['#ffffff', '#ffffff'] } as const;

describe.each(['dark', 'light'] as const)('The hues for %s themes', (kind) => {
  const colors = runHues.map((hue) => hue[kind]);

  test('have enough contrast for graphics on their background', () => {
    for (const color of colors) for (const background of backgrounds[kind]) expect(contrast(color, background), color).toBeGreaterThanOrEqual(2.98);
  });

  test.each(Object.entries(visions))('are told apart with %s vision', (_, vision) => {
    // A just noticeable difference is about 0.02.
    for (const [at, color] of colors.entries())
      for (const other of colors.slice(at + 1)) expect(distance(color, other, vision), `${color} ${other}`).toBeGreaterThan(0.07);
  });
});

test('ids spread over all hues', () => {
  const counts = new Map<number, number>();
  for (let run = 0; run < 12_000; run++) {
    const hue = runHueIndex(run.toString(16).padStart(32, '0'));
    counts.set(hue, (counts.get(hue) ?? 0) + 1);
  }
  expect(counts.size).toBe(runHues.length);
  for (const count of counts.values()) expect(count).toBeGreaterThan(700);
});

test('a colour that is one of the hues is that one, of either kind; another is the nearest', () => {
  for (const [index, { dark, light }] of runHues.entries()) expect([dark, light.toUpperCase()].map(nearestHueIndex)).toEqual([index, index]);
  expect(nearestHueIndex('#2ce596')).toBe(4);
});

describe('Styles of runs', () => {
  const hues = runHues.map(({ dark }) => dark);

  test('do not depend on which other runs are on the page', () => {
    const alone = styleRuns([{ runId: 'abc' }], hues).get('abc');
    const among = styleRuns([{ runId: 'x' }, { runId: 'y' }, { runId: 'abc' }], hues).get('abc');
    expect(among?.color).toBe(alone?.color);
  });

  test('tell runs of the same hue apart by dashes', () => {
    const runs = ['a', 'b', 'c', 'd'].map((runId) => ({ runId, color: '#123456' }));
    expect([...styleRuns(runs, hues).values()].map(({ dash }) => dash)).toEqual(dashes);
  });

  test('take a chosen colour only when it is #rrggbb', () => {
    const styles = styleRuns(
      [
        { runId: 'a', color: '#AABBCC' },
        { runId: 'b', color: 'url(x)' },
      ],
      hues,
    );
    expect(styles.get('a')?.color).toBe('#AABBCC');
    expect(hues).toContain(styles.get('b')?.color);
  });
});

test('the hues are contributed as colours, which themes and users can set', () => {
  const expected = runHues.map(({ dark, light }, at) => [`mlflow.runColor${at + 1}`, { dark, light, highContrast: dark, highContrastLight: light }]);
  expect(manifest.contributes.colors.map(({ id, defaults }) => [id, defaults])).toEqual(expected);
});
