import fc from 'fast-check';
import { test } from 'vitest';

import { check, fuzzCase } from './fuzz/fuzz.ts';

/** A fixed seed: the same cases on every machine; `npm run fuzz` goes on from a random one. */
test('no text makes a verb throw, point outside, break a file or change what it means', async () => {
  await fc.assert(fc.asyncProperty(fuzzCase, check), { seed: 3172, numRuns: fc.readConfigureGlobal().numRuns ?? 150 });
}, 600_000);
