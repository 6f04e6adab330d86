import type { Problem } from './problem.ts';
import type { YamlDocument } from './yaml-reader.ts';
import { allNodes, type Span } from './yaml-tree.ts';

export type YamlWhitespaceCode = 'yaml-tab' | 'yaml-line-break';

/**
 * White space that YAML 1.2 allows and PyYAML does not: a tab anywhere between tokens or in plain text, and the
 * line breaks of Unicode, which break a line for PyYAML.
 */
export const yamlWhitespaceRefusals = (document: YamlDocument): readonly Problem<YamlWhitespaceCode>[] => {
  const found = [...document.text.matchAll(/\t+|[\u0085\u2028\u2029]/g)];
  if (found.length === 0) return [];
  const harmless = spansThatHoldAnything(document);
  return found
    .map(({ 0: characters, index }) => ({ start: index, end: index + characters.length, isTab: characters.startsWith('\t') }))
    .filter((span) => !harmless.some(({ start, end }) => start <= span.start && span.end <= end) && !isInComment(document.text, span.start, harmless))
    .map(({ isTab, ...span }) => (isTab ? tab(span) : lineBreak(span)));
};

const tab = (span: Span): Problem<YamlWhitespaceCode> => ({
  ...span,
  code: 'yaml-tab',
  message: "A tab cannot stand here; MLflow's YAML reader takes spaces only.",
  mlflow: "found character '\\t' that cannot start any token",
});

const lineBreak = (span: Span): Problem<YamlWhitespaceCode> => ({
  ...span,
  code: 'yaml-line-break',
  message: "This invisible character ends the line for MLflow's YAML reader.",
  mlflow: "could not find expected ':'",
});

/** Quoted scalars, and block scalars from the line below their header. */
const spansThatHoldAnything = ({ root, text }: YamlDocument): readonly Span[] =>
  [...allNodes(root)].flatMap((node) => {
    if (node.kind !== 'scalar' || node.style === 'plain') return [];
    const isBlock = node.style === 'literal' || node.style === 'folded';
    return [{ start: isBlock ? text.indexOf('\n', node.start) : node.start, end: node.end }];
  });

const isInComment = (text: string, offset: number, scalars: readonly Span[]): boolean => {
  const lineStart = text.lastIndexOf('\n', offset) + 1;
  const hashes = [...text.slice(lineStart, offset).matchAll(/(?<=^|\s)#/g)].map(({ index }) => lineStart + index);
  return hashes.some((hash) => !scalars.some(({ start, end }) => start < hash && hash < end));
};
