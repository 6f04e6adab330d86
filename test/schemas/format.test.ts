import { expect, test } from 'vitest';

import { formatBytes } from '../../schemas/format.ts';

test.each([
  [0, '0 bytes'],
  [1, '1 byte'],
  [999, '999 bytes'],
  [1000, '1 kB'],
  [1_449_000, '1.4 MB'],
  [9_949_999, '9.9 MB'],
  [12_345_678, '12 MB'],
  [5_000_000_000, '5 GB'],
  [3e15, '3000 TB'],
])('%d bytes are shown as %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});
