import type { Problem } from './problem.ts';
import type { YamlDocument, YamlProblemCode } from './yaml-reader.ts';
import { yamlWhitespaceRefusals, type YamlWhitespaceCode } from './yaml-whitespace.ts';
import {
  allNodes,
  asSequence,
  isMerge,
  target,
  type Span,
  type YamlContent,
  type YamlEntry,
  type YamlMapping,
  type YamlNode,
  type YamlSequence,
} from './yaml-tree.ts';

export type YamlRefusalCode =
  | YamlWhitespaceCode
  | 'yaml-flow-text'
  | 'yaml-tag'
  | 'yaml-anchor'
  | 'yaml-alias'
  | 'yaml-value'
  | 'yaml-key'
  | 'yaml-merge'
  | 'yaml-character';

/** What is well-formed YAML 1.2 and yet refused by PyYAML's safe loader. */
export const yamlRefusals = (document: YamlDocument): readonly Problem<YamlRefusalCode>[] => {
  const known = new Set(document.problems.map(({ start }) => start));
  const found = [...characterRefusals(document.text), ...yamlWhitespaceRefusals(document), ...anchorRefusals(document)];
  for (const node of allNodes(document.root)) found.push(...nodeRefusals(node, document.text));
  return found.filter(({ start }) => !known.has(start));
};

/** Why PyYAML would not read the text, all of it. */
export const yamlProblems = (document: YamlDocument): readonly Problem<YamlProblemCode | YamlRefusalCode>[] => [
  ...document.problems,
  ...yamlRefusals(document),
];

const refusal = (code: YamlRefusalCode, span: Span, message: string, mlflow: string): Problem<YamlRefusalCode> => ({
  code,
  message,
  mlflow,
  start: span.start,
  end: span.end,
});

const unprintable = /[^\t\n\r\u0020-\u007e\u0085\u00a0-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;

/** `yaml.reader.Reader.NON_PRINTABLE` */
const characterRefusals = (text: string): Problem<YamlRefusalCode>[] => {
  const found = unprintable.exec(text);
  if (found === null) return [];
  const code = (found[0].codePointAt(0) ?? 0).toString(16).padStart(4, '0');
  const span = { start: found.index, end: found.index + found[0].length };
  return [
    refusal(
      'yaml-character',
      span,
      `The character U+${code.toUpperCase()} cannot stand in a YAML file.`,
      `unacceptable character #x${code}: special characters are not allowed`,
    ),
  ];
};

const anchorRefusals = ({ root }: YamlDocument): Problem<YamlRefusalCode>[] => {
  const seen = new Set<string>();
  const found: Problem<YamlRefusalCode>[] = [];
  for (const node of allNodes(root)) {
    if (node.kind === 'alias' || node.properties?.anchor === undefined) continue;
    const { anchor, span } = node.properties;
    if (seen.has(anchor))
      found.push(refusal('yaml-anchor', span, `The anchor &${anchor} is used a second time.`, `found duplicate anchor '${anchor}'; first occurrence`));
    seen.add(anchor);
  }
  return found;
};

const nodeRefusals = (node: YamlNode, text: string): Problem<YamlRefusalCode>[] => {
  if (node.kind === 'alias') return aliasRefusals(node.name, node, node.target !== undefined || node.refersToItself);
  const tagRefusal = tagRefusals(node);
  if (tagRefusal.length > 0) return tagRefusal;
  if (node.kind === 'mapping') return mappingRefusals(node, text);
  if (node.kind === 'sequence') return flowTextRefusals(node, node.items);
  if (node.value.type !== 'refused') return [];
  return [refusal('yaml-value', node, `MLflow's YAML reader cannot read \`${node.text}\`; quote it if it is meant as text.`, node.value.message)];
};

const mappingRefusals = (mapping: YamlMapping, text: string): Problem<YamlRefusalCode>[] =>
  mapping.entries.flatMap((entry) => {
    const ofEntry = entryRefusals(entry, text);
    return mapping.isFlow ? [...ofEntry, ...flowTextRefusals(mapping, [entry.key, entry.value])] : ofEntry;
  });

const aliasRefusals = (name: string, span: Span, isDefined: boolean): Problem<YamlRefusalCode>[] =>
  isDefined ? [] : [refusal('yaml-alias', span, `There is no anchor &${name} before this alias.`, `found undefined alias '${name}'`)];

const kindOfTag: ReadonlyMap<string, YamlNode['kind']> = new Map([
  ...['null', 'bool', 'int', 'float', 'binary', 'timestamp', 'str'].map((tag) => [`tag:yaml.org,2002:${tag}`, 'scalar'] as const),
  ...['seq', 'omap', 'pairs'].map((tag) => [`tag:yaml.org,2002:${tag}`, 'sequence'] as const),
  ...['map', 'set'].map((tag) => [`tag:yaml.org,2002:${tag}`, 'mapping'] as const),
]);

const tagRefusals = (node: YamlContent): Problem<YamlRefusalCode>[] => {
  const { tag, span } = node.properties ?? {};
  if (tag === undefined || tag === '!' || span === undefined) return [];
  const kind = kindOfTag.get(tag);
  if (kind === node.kind) return [];
  if (kind === undefined) {
    return [refusal('yaml-tag', span, `MLflow's YAML reader does not know the tag ${tag}.`, `could not determine a constructor for the tag '${tag}'`)];
  }
  return [refusal('yaml-tag', span, `The tag ${tag} is for a ${kind}, and this is a ${node.kind}.`, `expected a ${kind} node, but found ${node.kind}`)];
};

const entryRefusals = (entry: YamlEntry, text: string): Problem<YamlRefusalCode>[] => {
  const key = target(entry.key);
  if (key !== undefined && key.kind !== 'scalar') {
    return [refusal('yaml-key', entry.key, 'A list or mapping cannot be a key; braces at the start of a value need quotes.', 'found unhashable key')];
  }
  const isMissing = entry.key.start === entry.key.end && key?.properties === undefined;
  if ((isMissing || isOnSeveralLines(entry, text)) && !isExplicitKey(entry, text)) return [keyRefusal(entry.key, isMissing)];
  return isMerge(entry) ? mergeRefusals(entry.value) : [];
};

const keyRefusal = ({ start, end }: Span, isMissing: boolean): Problem<YamlRefusalCode> => {
  const span = { start, end: Math.max(end, start + 1) };
  return isMissing
    ? refusal('yaml-key', span, 'A key is missing before this colon.', "expected <block end>, but found ':'")
    : refusal('yaml-key', span, 'A key and its colon must be on one line.', "could not find expected ':'");
};

/** After `? ` anything goes. */
const isExplicitKey = ({ key }: YamlEntry, text: string): boolean => {
  let before = key.start - 1;
  while (before >= 0 && /\s/.test(text.charAt(before))) before -= 1;
  return text[before] === '?';
};

const isOnSeveralLines = ({ key, value }: YamlEntry, text: string): boolean => {
  const colon = text.indexOf(':', key.end);
  const isColonBefore = colon >= 0 && colon < Math.max(value.start, key.end + 1);
  return isColonBefore && hasBreak(text, key.start, colon);
};

/** Without a copy of the part: a large file has thousands of keys. */
const hasBreak = (text: string, start: number, end: number): boolean => {
  for (let at = start; at < end; at += 1) if (text[at] === '\n' || text[at] === '\r') return true;
  return false;
};

/** In brackets PyYAML ends a plain text at a question mark, and takes a colon at its start for a separator. */
const flowTextRefusals = ({ isFlow, kind }: YamlMapping | YamlSequence, nodes: readonly YamlNode[]): Problem<YamlRefusalCode>[] =>
  nodes
    .filter((node) => isFlow && node.kind === 'scalar' && node.style === 'plain' && /\?|^:/.test(node.text))
    .map((node) =>
      refusal(
        'yaml-flow-text',
        node,
        'Inside brackets a text with a question mark, or with a colon at its start, needs quotes.',
        `expected ',' or '${kind === 'mapping' ? '}' : ']'}', but got '?'`,
      ),
    );

const mergeRefusals = (value: YamlNode): Problem<YamlRefusalCode>[] => {
  const sources = asSequence(value)?.items ?? [value];
  return sources
    .filter((source) => target(source)?.kind !== 'mapping')
    .map((source) => {
      const found = target(source)?.kind ?? 'scalar';
      const expected = source === value ? 'a mapping or list of mappings' : 'a mapping';
      return refusal('yaml-merge', source, '`<<` takes a mapping, or a list of mappings.', `expected ${expected} for merging, but found ${found}`);
    });
};
