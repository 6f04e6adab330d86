import fc from 'fast-check';
import { expect, test } from 'vitest';

import { iconSafeText, lineText, markdownText, withoutLinks } from '../../extension/host/hostile-text.ts';

test('a label is one line, without marks that reorder what stands around them', () => {
  expect(lineText('two\nlines\tand \u202Eturned\u2069 text\u0000')).toBe('two lines and turned text');
});

test('a label is cut between characters, not within one', () => {
  expect(lineText('😀'.repeat(10), 4)).toBe('😀😀😀…');
});

test('a link that the editor would make of a name is two words that stand together', () => {
  const linked = /\[([^\]]+)\]\(((?:https?:\/\/|command:|file:)[^)\s]+)(?: (["'])(.+?)(\3))?\)/i;
  const name = '[Undo](command:workbench.action.quit) [x](https://evil.example "t")';
  expect(name).toMatch(linked);
  for (const text of [lineText(name), iconSafeText(name), withoutLinks(name)]) expect(text).not.toMatch(linked);
  expect(lineText(name).replaceAll('\u200B', '')).toBe(name);
});

test('icons in a name stay text where icons are drawn', () => {
  expect(iconSafeText('$(zap) fast')).toBe('\\$(zap) fast');
});

test('no Markdown or HTML syntax survives in a name', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => !/[<>[\]()|*_`$\\:/#!~-]/.test(markdownText(text).replace(/&#\d+;/g, ''))));
});

test('escaped names read as they were', () => {
  const decode = (text: string): string => text.replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)));
  expect(decode(markdownText('[x](command:evil) <b>é</b> | 1_000'))).toBe('[x](command:evil) <b>é</b> | 1_000');
});
