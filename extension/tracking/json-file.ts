import { findNodeAtLocation, getNodeValue, parseTree, printParseErrorCode, type Node, type ParseError } from 'jsonc-parser';

/** Lines count from 1. */
export interface FileProblem {
  readonly line: number;
  readonly message: string;
}

interface PlacedProblem {
  /** Keys and indices from the root to what is wrong. */
  readonly path: readonly (string | number)[];
  readonly message: string;
}

interface JsonFileKind<Content> {
  /** `a layout` */
  readonly what: string;
  /** Stands for a file with nothing in it. */
  readonly empty: unknown;
  readonly read: (value: unknown) => Content & { readonly problems: readonly PlacedProblem[] };
}

/** JSON as people write it, comments and all: what is wrong is told with its line, and the rest is there. */
export const readJsonFile = <Content>(
  text: string,
  { what, empty, read }: JsonFileKind<Content>,
): Omit<Content, 'problems'> & { readonly problems: readonly FileProblem[] } => {
  const refusal = refuse(text, what);
  if (refusal !== undefined) return { ...read(empty), problems: [{ line: 1, message: refusal }] };
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { allowTrailingComma: true });
  const content = read(root === undefined ? empty : getNodeValue(root));
  const lines = lineStarts(text);
  const broken = errors.map(({ error, offset }) => ({ line: lineOf(lines, offset), message: `This is not JSON: ${spoken(printParseErrorCode(error))}` }));
  const wrong = content.problems.map(({ path, message }) => ({ line: lineOf(lines, offsetOf(root, path)), message }));
  return { ...content, problems: [...broken, ...wrong] };
};

const longestFile = 1_000_000;
const deepestNesting = 100;

/** The parser follows nesting by recursion, and no such file is deep. */
const refuse = (text: string, what: string): string | undefined => {
  if (text.length > longestFile) return `This file is too large for ${what}`;
  return isTooDeep(text) ? `This file is nested too deeply for ${what}` : undefined;
};

const isTooDeep = (text: string): boolean => {
  let depth = 0;
  for (const [token] of text.matchAll(/"(?:[^"\\\n]|\\.)*"|[[\]{}]/g)) {
    if (token === '{' || token === '[') depth++;
    if (token === '}' || token === ']') depth--;
    if (depth > deepestNesting) return true;
  }
  return false;
};

/** `CommaExpected` → `comma expected`. */
const spoken = (code: string): string => code.replace(/(?<=[a-z])([A-Z])/g, ' $1').toLowerCase();

/** The nearest thing in the file that the path leads to: what is missing has no place of its own. */
const offsetOf = (root: Node | undefined, path: PlacedProblem['path']): number => {
  if (root === undefined) return 0;
  for (let length = path.length; length > 0; length--) {
    const node = findNodeAtLocation(root, path.slice(0, length));
    if (node !== undefined) return (node.parent?.type === 'property' ? node.parent : node).offset;
  }
  return root.offset;
};

const lineStarts = (text: string): readonly number[] => [0, ...[...text.matchAll(/\r\n|\r|\n/g)].map((end) => end.index + end[0].length)];
const lineOf = (starts: readonly number[], offset: number): number => starts.findLastIndex((start) => start <= offset) + 1;
