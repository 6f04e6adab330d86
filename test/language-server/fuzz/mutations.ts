import fc from 'fast-check';

/** Pieces that YAML, Python's format strings, shells and readers of positions take for something else. */
const pieces = [
  ...[
    '{',
    '}',
    '[',
    ']',
    ':',
    ': ',
    '- ',
    '#',
    ' # x',
    '&a ',
    '*a',
    '!!str ',
    '!x ',
    '|',
    '>',
    '|2-',
    '? ',
    '<<: *a',
    '"',
    "'",
    '\\',
    '%',
    '@',
    '`',
    ',',
    '---\n',
    '...\n',
  ],
  ...['\n', '\r\n', '\r', '\t', ' ', '  ', '\n\n', '\u2028', '\u0085', '\ufeff', '\u0000', '\ud800', '😀', 'é', '\u200b'],
  ...['{a}', '{}', '{0}', '{{', '}}', '{a!r}', '{a:>5}', '"{a}"', "'{a}'", '$(', '`ls`', '&&', ';', '|| ', '2>&1', '\\\n'],
  ...['on', 'no', '~', 'null', '1e5', '012', '3.10', '1:30', '2024-01-31', '0x1F', '.inf', '__proto__', 'constructor', 'toString', 'hasOwnProperty'],
  ...[
    'entry_points:',
    'parameters:',
    'command: ',
    'main:',
    'default: ',
    'type: path',
    'docker_env:',
    'python_env: ',
    'conda_env: ../x',
    'models:/a@b',
    'runs:/',
  ],
];

export type Mutation =
  | { readonly kind: 'insert'; readonly at: number; readonly piece: string }
  | { readonly kind: 'delete'; readonly at: number; readonly length: number }
  | { readonly kind: 'repeat'; readonly at: number; readonly length: number; readonly times: number }
  | { readonly kind: 'move'; readonly at: number; readonly length: number; readonly to: number }
  | { readonly kind: 'cut'; readonly at: number }
  | { readonly kind: 'indent'; readonly at: number; readonly by: number }
  | { readonly kind: 'line-breaks'; readonly lineBreak: '\r\n' | '\r' };

/** Where in a text, as a part of its length, so that a shrunk case keeps its shape. */
const place = fc.double({ min: 0, max: 1, noNaN: true });
const length = fc.integer({ min: 1, max: 60 });

export const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('insert' as const), at: place, piece: fc.constantFrom(...pieces) }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('delete' as const), at: place, length }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('repeat' as const), at: place, length, times: fc.integer({ min: 2, max: 40 }) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('move' as const), at: place, length, to: place }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('cut' as const), at: place }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('indent' as const), at: place, by: fc.integer({ min: -4, max: 4 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('line-breaks' as const), lineBreak: fc.constantFrom('\r\n' as const, '\r' as const) }) },
);

export const mutated = (text: string, mutations: readonly Mutation[]): string => mutations.reduce(apply, text);

const apply = (text: string, change: Mutation): string => {
  if (change.kind === 'line-breaks') return text.replaceAll(/\r?\n/g, change.lineBreak);
  const at = Math.floor(change.at * text.length);
  switch (change.kind) {
    case 'insert':
      return text.slice(0, at) + change.piece + text.slice(at);
    case 'delete':
      return text.slice(0, at) + text.slice(at + change.length);
    case 'repeat':
      return text.slice(0, at) + text.slice(at, at + change.length).repeat(change.times) + text.slice(at + change.length);
    case 'move':
      return moved(text, at, change.length, change.to);
    case 'cut':
      return text.slice(0, at);
    case 'indent':
      return indented(text, text.lastIndexOf('\n', at - 1) + 1, change.by);
    default:
      return change satisfies never;
  }
};

const moved = (text: string, at: number, count: number, to: number): string => {
  const rest = text.slice(0, at) + text.slice(at + count);
  const target = Math.floor(to * rest.length);
  return rest.slice(0, target) + text.slice(at, at + count) + rest.slice(target);
};

const indented = (text: string, lineStart: number, by: number): string => {
  if (by >= 0) return text.slice(0, lineStart) + ' '.repeat(by) + text.slice(lineStart);
  const spaces = /^ */.exec(text.slice(lineStart))?.[0].length ?? 0;
  return text.slice(0, lineStart) + text.slice(lineStart + Math.min(spaces, -by));
};
