import fc from 'fast-check';
import { expect, test } from 'vitest';

import { LineMap } from '../../webviews/runs/rows/line-map.ts';

const read = 12;

/** Some lines that are left out, and some that are added: after so many that are shown. */
const cases = fc.record({
  hidden: fc.uniqueArray(fc.nat(read - 1), { maxLength: 6 }).map((lines) => lines.toSorted((left, right) => left - right)),
  added: fc.array(fc.nat(read), { maxLength: 4 }).map((lines) => lines.toSorted((left, right) => left - right)),
});

test('lines that are left out and lines that are added make the table that a person sees', () => {
  fc.assert(
    fc.property(cases, ({ hidden, added }) => {
      const left = Array.from({ length: read }, (_, line) => line).filter((line) => !hidden.includes(line));
      const places = added.map((before) => Math.min(before, left.length));
      const expected = [
        ...left.flatMap((line, at) => [...places.flatMap((before, index) => (before === at ? [`new ${index}`] : [])), `${line}`]),
        ...places.flatMap((before, index) => (before === left.length ? [`new ${index}`] : [])),
      ];
      const map = new LineMap(
        hidden,
        places.map((before, index) => ({ added: `new ${index}`, before })),
      );
      const lines = Array.from({ length: map.countOf(read) }, (_, line) => map.at(line));
      expect(lines.map((line) => ('added' in line ? line.added : `${line.read}`))).toEqual(expected);
      expect(left.map((line) => map.shownOf(line))).toEqual(left.map((line) => expected.indexOf(`${line}`)));
      expect(places.map((_, index) => map.addedAt((name) => name === `new ${index}`))).toEqual(places.map((_, index) => expected.indexOf(`new ${index}`)));
    }),
  );
});
