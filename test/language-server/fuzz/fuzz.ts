import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';

import { goldenCases } from '../golden.ts';
import { workspaceOf } from '../support.ts';
import { mutated, mutation, type Mutation } from './mutations.ts';
import { checkOracles } from './oracles.ts';

const folder = 'test/golden/language-server';
const kinds = readdirSync(folder).filter((name) => name !== 'beside');

/** Real shapes: every golden document, with the files beside it. */
const seeds = kinds.flatMap((kind) => goldenCases(kind).map(({ text, beside }) => ({ kind, text, beside })));
const scripts = readdirSync(join(folder, 'beside')).filter((name) => name.endsWith('.py'));
const train = scripts.map((name) => readFileSync(join(folder, 'beside', name), 'utf8')).join('\n');

export interface FuzzCase {
  readonly seed: number;
  readonly mutations: readonly Mutation[];
  readonly scriptMutations: readonly Mutation[];
  readonly places: readonly number[];
}

export const fuzzCase: fc.Arbitrary<FuzzCase> = fc.record({
  seed: fc.nat(seeds.length - 1),
  mutations: fc.array(mutation, { maxLength: 6 }),
  scriptMutations: fc.array(mutation, { maxLength: 3 }),
  places: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 4 }),
});

export const textOf = ({ seed, mutations }: FuzzCase): string => mutated(seeds[seed]?.text ?? '', mutations);

/** The mutated text within a project of a hundred lines. */
export const hundredLinesOf = (found: FuzzCase): string => {
  const text = textOf(found);
  const lines = Math.max(0, 100 - text.split('\n').length);
  const entryPoints = Array.from(
    { length: Math.ceil(lines / 4) },
    (_, index) => `  e${index}:\n    parameters:\n      a${index}: float\n    command: echo {a${index}}\n`,
  );
  return `${text}\nmore:\n${entryPoints.join('')}`;
};

/** The oracles over one case. */
export const check = async (found: FuzzCase): Promise<void> => {
  const { kind = 'MLproject', beside = {} } = seeds[found.seed] ?? {};
  const text = textOf(found);
  const files = { ...beside, 'train.py': mutated(beside['train.py'] ?? train, found.scriptMutations) };
  const offsets = found.places.map((place) => Math.floor(place * text.length));
  try {
    await checkOracles(text, offsets, workspaceOf(files), kind);
  } catch (error) {
    throw new Error(`${kind} ${JSON.stringify(text)}`, { cause: error });
  }
};
