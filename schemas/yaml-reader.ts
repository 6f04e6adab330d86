import {
  Composer,
  type CST,
  isAlias,
  isMap,
  isNode,
  isScalar,
  Lexer,
  Parser,
  type Node,
  type Pair,
  type Scalar,
  type YAMLMap,
  type YAMLParseError,
  type YAMLSeq,
} from 'yaml';

import type { Problem } from './problem.ts';
import { pyYamlMessage } from './pyyaml-message.ts';
import { decodeFlowScalar } from './scalar-source.ts';
import { resolvePlainScalar, resolveTaggedScalar, str, type YamlScalarValue } from './yaml-scalar.ts';
import { endOfQuotes, joinedAt } from './yaml-left-margin.ts';
import { allNodes } from './yaml-tree.ts';
import type { ScalarStyle, Span, YamlAlias, YamlContent, YamlEntry, YamlMapping, YamlNode, YamlProperties, YamlScalar, YamlSequence } from './yaml-tree.ts';

export type YamlProblemCode = 'yaml-syntax' | 'yaml-nesting' | 'yaml-several-documents';

/** A text read as YAML: whatever could be understood of it, and what stood in the way. */
export interface YamlDocument {
  readonly text: string;
  readonly root: YamlNode | undefined;
  readonly problems: readonly Problem<YamlProblemCode>[];
}

/** Deeper nesting is refused before the tree is built: the parser's recursion would end the process. */
export const maxNesting = 100;

export const readYaml = (text: string, nesting = maxNesting): YamlDocument => read({ text, joined: text, joinsLeft: maxJoins, nesting });

/** How often the text is put right at its left margin before that is given up: each time costs another pass. */
const maxJoins = 20;

interface Reading {
  readonly text: string;
  /** What is parsed: the text, apart from white space that PyYAML understands and the parser does not. */
  readonly joined: string;
  readonly joinsLeft: number;
  readonly nesting: number;
}

const read = (reading: Reading): YamlDocument => {
  const { text, joined } = reading;
  const tokens = tokenize(joined, reading.nesting);
  if ('tooDeepAt' in tokens) return { text, root: undefined, problems: [tooDeep(tokens.tooDeepAt, text)] };
  const [document, second] = new Composer({ schema: 'failsafe', uniqueKeys: false, merge: false, logLevel: 'silent' }).compose(
    tokens.tokens,
    true,
    text.length,
  );
  const contents = document?.contents ?? undefined;
  const root = contents === undefined ? undefined : new TreeBuilder(text).build(contents);
  const problems = (document?.errors ?? [])
    .filter(isErrorForPyYaml)
    .filter(isFirstAtItsPlace)
    .map((error) => syntaxProblem(text, error));
  if (second !== undefined) problems.push(severalDocuments(second.range[0], text));
  const unclosed = problems.length === 0 ? undefined : (tokens.unclosedQuote ?? unclosedBracket(joined, root));
  const better = unclosed === undefined || reading.joinsLeft === 0 ? undefined : readJoined(reading, unclosed);
  if (better !== undefined) return better;
  return { text, root, problems: unclosed === undefined ? problems : [neverClosed(text, unclosed), ...problems.filter((problem) => !isAboutClosing(problem))] };
};

/** The text with what starts at `start` put on one line, if that makes a good document. */
const readJoined = (reading: Reading, start: number): YamlDocument | undefined => {
  const joined = joinedAt(reading.joined, start);
  const document = joined === undefined ? undefined : read({ ...reading, joined, joinsLeft: reading.joinsLeft - 1 });
  return document?.problems.length === 0 ? document : undefined;
};

const unclosedBracket = (text: string, root: YamlNode | undefined): number | undefined => {
  for (const node of allNodes(root)) {
    const isOpen =
      (node.kind === 'mapping' || node.kind === 'sequence') &&
      node.isFlow &&
      '[{'.includes(text.charAt(node.start)) &&
      !']}'.includes(text.charAt(node.end - 1));
    if (isOpen) return node.start;
  }
  return undefined;
};

/** Tabs are told about by `yaml-whitespace.ts`, all of them alike. */
const isErrorForPyYaml = ({ code }: YAMLParseError): boolean => code !== 'TAB_AS_INDENT';

/** One mistake makes the parser stumble several times. */
const isFirstAtItsPlace = ({ pos }: YAMLParseError, index: number, all: readonly YAMLParseError[]): boolean => all[index - 1]?.pos[0] !== pos[0];

/** The parser keeps one stack entry per open collection, so its height is the nesting. */
const tokenize = (text: string, nesting: number): { tokens: CST.Token[]; unclosedQuote: number | undefined } | { tooDeepAt: number } => {
  const parser = new Parser();
  const tokens: CST.Token[] = [];
  let unclosedQuote: number | undefined;
  for (const lexeme of new Lexer().lex(text)) {
    if (/^["']/.test(lexeme) && endOfQuotes(lexeme, 0) === undefined) unclosedQuote ??= parser.offset;
    for (const token of parser.next(lexeme)) tokens.push(token);
    if (parser.stack.length > nesting + 2) return { tooDeepAt: Math.min(parser.offset, text.length) };
  }
  tokens.push(...parser.end());
  return { tokens, unclosedQuote };
};

const tooDeep = (offset: number, text: string): Problem<YamlProblemCode> => ({
  code: 'yaml-nesting',
  message: `Nesting is deeper than ${maxNesting} levels: the file is not read.`,
  mlflow: 'RecursionError: maximum recursion depth exceeded',
  start: Math.max(0, offset - 1),
  end: Math.min(text.length, Math.max(1, offset)),
});

const syntaxProblem = (text: string, { code, message, pos: [start, end] }: YAMLParseError): Problem<YamlProblemCode> => ({
  code: 'yaml-syntax',
  message: `${message.replace(/\.$/, '')}.`,
  mlflow: pyYamlMessage(text, { code, message, at: start }),
  start: Math.min(start, text.length),
  end: Math.min(Math.max(start, end), text.length),
});

/** What is open is underlined where it opens, not at the end of the file, where the parser notices. */
const neverClosed = (text: string, start: number): Problem<YamlProblemCode> => {
  const mark = text.charAt(start);
  const isBracket = mark === '[' || mark === '{';
  const lineLength = text.slice(start).search(/[\r\n]|$/);
  return {
    code: 'yaml-syntax',
    message: `This ${isBracket ? 'bracket' : 'quote'} is never closed.`,
    mlflow: isBracket ? `yaml.parser.ParserError: expected ',' or '${mark === '[' ? ']' : '}'}'` : 'yaml.scanner.ScannerError: found unexpected end of stream',
    start,
    end: start + Math.max(1, lineLength),
  };
};

const isAboutClosing = ({ message }: Problem<YamlProblemCode>): boolean => /^Missing closing|must end with|and end with/.test(message);

const severalDocuments = (start: number, text: string): Problem<YamlProblemCode> => ({
  code: 'yaml-several-documents',
  message: 'A second YAML document starts here; MLflow reads files that hold one.',
  mlflow: 'yaml.composer.ComposerError: expected a single document in the stream but found another document',
  start,
  end: Math.min(start + 3, text.length),
});

const styles: ReadonlyMap<string, ScalarStyle> = new Map([
  ['QUOTE_SINGLE', 'single-quoted'],
  ['QUOTE_DOUBLE', 'double-quoted'],
  ['BLOCK_LITERAL', 'literal'],
  ['BLOCK_FOLDED', 'folded'],
]);

type Properties = Pick<YAMLMap, 'tag' | 'anchor'>;

/** Turns the parser's nodes into ours, in the order of the text, so that an alias finds the anchor before it. */
class TreeBuilder {
  readonly #text: string;
  readonly #anchors = new Map<string, YamlContent>();
  readonly #openAnchors = new Set<string>();
  /** How far the text has been turned into nodes. */
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  build(node: Node): YamlNode {
    const start = node.range?.[0] ?? this.#at;
    if (isAlias(node)) return this.#alias(node.source, start);
    const properties = node.tag === undefined && node.anchor === undefined ? undefined : this.#properties(node, start);
    if (node.anchor !== undefined) this.#openAnchors.add(node.anchor);
    const content = isScalar(node) ? this.#scalar(node, start, properties) : this.#collection(node, start, properties);
    if (node.anchor !== undefined) this.#closeAnchor(node.anchor, content);
    return content;
  }

  #alias(name: string, start: number): YamlAlias {
    this.#at = start + name.length + 1;
    const refersToItself = this.#openAnchors.has(name);
    return { kind: 'alias', name, target: refersToItself ? undefined : this.#anchors.get(name), refersToItself, start, end: this.#at };
  }

  #closeAnchor(name: string, content: YamlContent): void {
    this.#openAnchors.delete(name);
    this.#anchors.set(name, content);
  }

  #properties(node: Properties, start: number): YamlProperties {
    return {
      ...(node.tag === undefined ? {} : { tag: node.tag }),
      ...(node.anchor === undefined ? {} : { anchor: node.anchor }),
      span: propertiesSpan(this.#text, this.#at, start),
    };
  }

  #scalar(node: Scalar, start: number, properties: YamlProperties | undefined): YamlScalar {
    const style = styles.get(node.type ?? '') ?? 'plain';
    const end = Math.min(node.range?.[1] ?? start, this.#text.length);
    const text = this.#textOf(node, start, end);
    this.#at = end;
    const value = scalarValue(text, style, properties?.tag);
    return { kind: 'scalar', style, text, value, start, end, ...(properties && { properties }) };
  }

  /** At the end of a file without a last line break a block scalar has none either; the parser adds one. */
  #textOf({ value, type }: Scalar, start: number, end: number): string {
    if (typeof value !== 'string') return '';
    if (!type?.startsWith('BLOCK_') && /[\r\n]/.test(this.#text.slice(start, end))) return decodeFlowScalar(this.#text, { start, end });
    const isCutOff = type?.startsWith('BLOCK_') && end === this.#text.length && !/[\n\r]$/.test(this.#text.slice(start));
    return isCutOff ? value.replace(/\n$/, '') : value;
  }

  #collection(node: YAMLMap | YAMLSeq, start: number, properties: YamlProperties | undefined): YamlMapping | YamlSequence {
    this.#at = Math.max(this.#at, start + (node.flow ? 1 : 0));
    const isFlow = node.flow === true;
    if (isMap(node)) {
      const entries = node.items.map((pair) => this.#entry(pair));
      return { kind: 'mapping', isFlow, entries, start, end: this.#endOf(node), ...(properties && { properties }) };
    }
    const items = node.items.map((item) => this.#child(item));
    return { kind: 'sequence', isFlow, items, start, end: this.#endOf(node), ...(properties && { properties }) };
  }

  /** A block ends with its last child; what the parser counts to it after that is white space. */
  #endOf(node: YAMLMap | YAMLSeq): number {
    if (node.flow) this.#at = Math.min(node.range?.[1] ?? this.#at, this.#text.length);
    return this.#at;
  }

  #entry(pair: Pair<unknown, unknown>): YamlEntry {
    const key = this.#child(pair.key);
    const value = this.#child(pair.value);
    return { key, value, start: key.start, end: Math.max(key.end, value.end) };
  }

  /** A key or value that is left out altogether is a null just where the text has got to. */
  #child(node: unknown): YamlNode {
    if (isNode(node)) return this.build(node);
    return { kind: 'scalar', style: 'plain', text: '', value: { type: 'null' }, start: this.#at, end: this.#at };
  }
}

const yamlTagPrefix = 'tag:yaml.org,2002:';

/** Quoted and block scalars are strings; a tag of YAML's own decides for itself; other tags are refused elsewhere. */
const scalarValue = (text: string, style: ScalarStyle, tag: string | undefined): YamlScalarValue => {
  if (tag?.startsWith(yamlTagPrefix)) return resolveTaggedScalar(tag.slice(yamlTagPrefix.length), text) ?? str(text);
  return style === 'plain' && tag === undefined ? resolvePlainScalar(text) : str(text);
};

/** Between two nodes stand indicators, comments, and the properties of the second node. */
const propertiesSpan = (text: string, from: number, to: number): Span => {
  const matches = [...text.slice(from, to).matchAll(/#.*|[!&][^\s,[\]{}]*/g)].filter(([found]) => !found.startsWith('#'));
  const last = matches.at(-1);
  return { start: from + (matches[0]?.index ?? 0), end: from + (last === undefined ? 0 : last.index + last[0].length) };
};
