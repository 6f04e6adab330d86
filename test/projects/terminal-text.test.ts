import fc from 'fast-check';
import { expect, test } from 'vitest';

import { TerminalText } from '../../extension/projects/terminal-text.ts';

const shown = (...chunks: readonly string[]): string => {
  const text = new TerminalText();
  return chunks.map((chunk) => text.push(chunk)).join('');
};

test.each([
  ['plain\nlines\r\nstay', 'plain\r\nlines\r\nstay'],
  ['50 %\r100 %', '50 %\r100 %'],
  ['\u001B[31mred\u001B[0m', '\u001B[31mred\u001B[0m'],
  ['\u001B[2K\u001B[1A', '\u001B[2K\u001B[1A'],
  ['a\u001B]52;c;c3RvbGVu\u0007b', 'ab'],
  ['a\u001B]8;;http://x\u001B\\link\u001B]8;;\u001B\\b', 'alinkb'],
  ['a\u001B]0;title\u0007b', 'ab'],
  ['a\u001BPdevice\u001B\\b', 'ab'],
  ['a\u009D52;c;x\u009Cb', 'a52;c;xb'],
])('%j is shown as %j', (text, expected) => {
  expect(shown(text)).toBe(expected);
});

test('how output is cut into chunks changes nothing', () => {
  const whole = 'a\r\nb\u001B[31mc\u001B]52;c;x\u0007d\u001B]8;;u\u001B\\e\nf';
  fc.assert(
    fc.property(fc.integer({ min: 0, max: whole.length }), fc.integer({ min: 0, max: whole.length }), (a, b) => {
      const [first, second] = a < b ? [a, b] : [b, a];
      expect(shown(whole.slice(0, first), whole.slice(first, second), whole.slice(second))).toBe(shown(whole));
    }),
  );
});

test('a command that never ends is not kept for ever', () => {
  const text = new TerminalText();
  text.push(`\u001B]52;${'x'.repeat(10_000)}`);
  expect(text.push('after')).toBe('after');
});
