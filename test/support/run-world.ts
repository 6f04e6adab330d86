import fc from 'fast-check';

/** Runs for property tests, as plain values. */
export interface WorldRun {
  readonly params: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  /** Values of steps 0, 1, 2, … */
  readonly metrics: Readonly<Record<string, readonly number[]>>;
  readonly status: 'RUNNING' | 'FINISHED' | 'FAILED';
  readonly start: number;
  /** Of those that have ended. */
  readonly duration: number;
  readonly dataset: string | null;
}

export const textKeys = ['p', 'two words', 'a/b-c', 'dotted.key'];
export const metricKeys = ['m', 'val loss', 'eval/acc', 'wide'];
const texts = ['', 'v1', 'v2', 'V1', 'a%b', 'a_b', 'über', '100', '9', 'say "hi"', "it's", 'back\\slash', 'x'.repeat(300)];

export const anyText = fc.constantFrom(...texts);
/** Sums of these are exact. */
const exactNumber = fc.constantFrom(-2, -0.5, 0, 0.25, 1, 1, 2, 4, Number.NaN);
const anyNumber = fc.constantFrom(Number.NaN, Infinity, -Infinity, 1e-300, -7, 1, 2, 3e200);

const some = <T>(keys: readonly string[], value: fc.Arbitrary<T>): fc.Arbitrary<Record<string, T>> =>
  fc.dictionary(fc.constantFrom(...keys), value, { maxKeys: keys.length, noNullPrototype: true });

export const worldRun: fc.Arbitrary<WorldRun> = fc.record({
  params: some(textKeys, anyText),
  tags: some(textKeys, anyText),
  metrics: fc
    .tuple(some(metricKeys.slice(0, 3), fc.array(exactNumber, { minLength: 1, maxLength: 4 })), fc.option(fc.array(anyNumber, { minLength: 1, maxLength: 3 })))
    .map(([metrics, wide]) => (wide === null ? metrics : { ...metrics, wide })),
  status: fc.constantFrom('RUNNING', 'FINISHED', 'FAILED'),
  start: fc.integer({ min: 1000, max: 1005 }),
  duration: fc.integer({ min: 0, max: 3 }),
  dataset: fc.option(fc.constantFrom('wine', 'iris', 'Wine red')),
});
