import { expect, test } from 'vitest';

import { printedPlaces } from '../../schemas/printed-place.ts';

test('the frames of a traceback name files and lines', () => {
  const text = `Traceback (most recent call last):
  File "/work/my train.py", line 12, in <module>
    fit()
    ^^^^^
  File "lib/fit.py", line 3
  File "<string>", line 1, in <module>
  File "<frozen runpy>", line 88, in _run_code
ValueError: no
`;
  expect(printedPlaces(text).map(({ start, length, file, line }) => [text.slice(start, start + length), file, line])).toEqual([
    ['File "/work/my train.py", line 12', '/work/my train.py', 12],
    ['File "lib/fit.py", line 3', 'lib/fit.py', 3],
  ]);
});

test.each(['File train.py, line 3', 'File "train.py"', 'a file "x", line y', 'File "a\nb", line 3'])('%j is none', (text) => {
  expect(printedPlaces(text)).toEqual([]);
});

test('a megabyte of quotes is read in no time', () => {
  expect(printedPlaces('File "'.repeat(200_000))).toEqual([]);
});
