import { readFileSync } from 'node:fs';

const read = (file: string): readonly (readonly [name: string, text: string])[] => {
  const [, ...parts] = readFileSync(new URL(`../golden/models/${file}`, import.meta.url), 'utf8').split(/^--- # (.*)\n/m);
  return parts.flatMap((name, index) => (index % 2 === 0 ? [[name, parts[index + 1] ?? ''] as const] : []));
};

/** MLmodel files of every flavor, and of several ages and makers, each with what is special about it. */
export const modelShapes = [...read('flavors.yaml'), ...read('ages.yaml')];
