import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

import type { FixApplication } from './support.ts';

const root = 'test/golden/language-server';
const besideFolder = join(root, 'beside');

/** A small document, and the files that it says stand beside it. */
export interface GoldenCase {
  /** `docker/volumes-text` */
  readonly name: string;
  readonly file: string;
  readonly text: string;
  readonly beside: Readonly<Record<string, string>>;
  /** Where its expected diagnostics are. */
  readonly expected: string;
}

export const goldenCases = (kind: string): readonly GoldenCase[] =>
  readdirSync(join(root, kind), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.yaml'))
    .toSorted()
    .map((path) => goldenCase(join(root, kind, path), kind));

const goldenCase = (file: string, kind: string): GoldenCase => {
  const text = readFileSync(file, 'utf8');
  return {
    name: relative(join(root, kind), file).replace(/\.yaml$/, ''),
    file,
    text,
    beside: filesBeside(text),
    expected: file.replace(/\.yaml$/, '.diagnostics'),
  };
};

/** `# beside: train.py, conda.yaml` in the first line; what the folder `beside` lacks is an empty file. */
const filesBeside = (text: string): Readonly<Record<string, string>> => {
  const names = /^\ufeff?# beside: (.*)/.exec(text)?.[1]?.split(',') ?? [];
  return Object.fromEntries(names.map((name) => [name.trim(), contentOf(join(besideFolder, name.trim()))]));
};

const contentOf = (file: string): string => (existsSync(file) ? readFileSync(file, 'utf8') : '');

export const describeFix = ({ title, text }: FixApplication, before: string): string => {
  const changed = text === before ? '' : firstDifference(before, text);
  return `    fix: ${title}${changed}`;
};

const firstDifference = (before: string, after: string): string => {
  const old = new Set(before.split('\n'));
  const lines = after.split('\n').filter((line) => !old.has(line));
  return lines.length === 0 ? '' : ` → ${lines.map((line) => line.trim()).join(' ⏎ ')}`;
};
