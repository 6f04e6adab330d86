import { describe, expect, test } from 'vitest';

import { placeholders, readCommandTemplate } from '../../schemas/command-template.ts';

const text = (value: string) => ({ kind: 'text', text: value });

describe('readCommandTemplate', () => {
  test('splits text and placeholders, with offsets of the braces', () => {
    expect(readCommandTemplate('python a.py {alpha} -x')).toEqual({
      parts: [text('python a.py '), { kind: 'placeholder', name: 'alpha', modifier: '', start: 12, end: 19 }, text(' -x')],
    });
  });

  test('doubled braces are braces', () => {
    const { parts, problem } = readCommandTemplate("awk '{{print $1}}' {{ {{");
    expect(problem).toBeUndefined();
    expect(parts.map((part) => (part.kind === 'text' ? part.text : '?')).join('')).toBe("awk '{print $1}' { {");
  });

  test.each([
    ['{a.b}', 'a', '.b'],
    ['{a[0]}', 'a', '[0]'],
    ['{a[}:]}', 'a', '[}:]'],
    ['{a!r}', 'a', '!r'],
    ['{a:>{width}}', 'a', ':>{width}'],
    ['{ a }', ' a ', ''],
    ['{}', '', ''],
    ['{0}', '0', ''],
    ['{learning-rate}', 'learning-rate', ''],
  ])('%s is the parameter %j with the modifier %j', (command, name, modifier) => {
    expect(placeholders(readCommandTemplate(command))).toEqual([{ kind: 'placeholder', name, modifier, start: 0, end: command.length }]);
  });

  test.each([
    ['a } b', "Single '}' encountered in format string", 2, 3],
    ['a {', "Single '{' encountered in format string", 2, 3],
    ['a {b', "expected '}' before end of string", 2, 4],
    ['a {b[x}', "expected '}' before end of string", 2, 7],
    ['a {b{c}}', "unexpected '{' in field name", 2, 5],
    ['a {b:{c}', "unmatched '{' in format spec", 2, 8],
  ])('%s fails as in Python', (command, message, start, end) => {
    expect(readCommandTemplate(command).problem).toEqual({ message, start, end });
  });

  test('what comes before a problem is kept', () => {
    expect(placeholders(readCommandTemplate('{a} {b} }')).map((placeholder) => placeholder.name)).toEqual(['a', 'b']);
  });
});
