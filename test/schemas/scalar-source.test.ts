import { expect, test } from 'vitest';

import { decodeScalar, spanInSource, spansInSource } from '../../schemas/scalar-source.ts';
import { readYaml } from '../../schemas/yaml-reader.ts';
import { asMapping, asScalar } from '../../schemas/yaml-tree.ts';

test.for([
  ['a text that stands for itself', 'a: python train.py {x}\n'],
  ['a text on two lines', 'a: python train.py\n  {x}\n'],
  ['a quoted text', "a: 'it''s {x}'\n"],
  ['an escaped text', 'a: "tab\\t{x}"\n'],
  ['a folded text', 'a: >-\n  python\n  train.py {x}\n'],
] as const)('parts of %s are where they are written', ([, text]) => {
  const scalar = asScalar(asMapping(readYaml(text).root)?.entries[0]?.value);
  if (scalar === undefined) throw new Error('The document has no scalar');
  const spanOf = spansInSource(text, scalar);
  const start = scalar.text.indexOf('{x}');
  const span = spanOf({ start, end: start + 3 });
  expect(text.slice(span.start, span.end)).toBe('{x}');
  const decoded = decodeScalar(text, scalar);
  for (const part of [
    { start: 0, end: 0 },
    { start: 2, end: 1 },
    { start: 0, end: scalar.text.length },
    { start: scalar.text.length, end: scalar.text.length + 5 },
  ]) {
    expect(spanOf(part)).toEqual(spanInSource(scalar, decoded, part.start, part.end));
  }
});
