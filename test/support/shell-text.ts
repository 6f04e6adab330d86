import fc from 'fast-check';

const trap = fc.constantFrom(
  ' ',
  "'",
  '"',
  '$HOME',
  '$(id)',
  '`id`',
  '\\',
  '\n',
  '\r\n',
  '\t',
  ';',
  '&&',
  '|',
  '>',
  '*',
  '~',
  '!',
  '#',
  '--flag',
  '-',
  '{x}',
  '{{',
  '%PATH%',
  '^',
  '\u001B[31m',
  'é',
  '🎉',
);

/** Text a person could type as a parameter's value: anything but NUL and half a surrogate pair, rich in what shells treat specially. */
export const shellText = (): fc.Arbitrary<string> =>
  fc
    .oneof(
      fc.array(fc.oneof(trap, fc.string({ maxLength: 3 })), { maxLength: 8 }).map((parts) => parts.join('')),
      fc.string({ unit: 'grapheme' }),
      fc.string({ unit: 'binary' }),
    )
    .map((text) => text.replaceAll('\0', ''));
