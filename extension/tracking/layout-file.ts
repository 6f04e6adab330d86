import { isDeepStrictEqual } from 'node:util';
import { applyEdits, findNodeAtLocation, getNodeValue, modify, parseTree, printParseErrorCode, type Node, type ParseError } from 'jsonc-parser';
import { layoutVersion, readCompareLayout, type CompareLayout, type LayoutProblem } from '../../schemas/compare-layout.ts';

/** Where layouts are, below a workspace folder. */
export const layoutsFolder = '.mlflow-workbench/layouts';

export interface LayoutFile {
  readonly layout: CompareLayout;
  /** Lines count from 1. */
  readonly problems: readonly { readonly line: number; readonly message: string }[];
}

/** A layout as people write it: what is wrong is told with its line, and the rest is there. */
export const readLayoutFile = (text: string): LayoutFile => {
  const refusal = refuse(text);
  if (refusal !== undefined) return { ...readNothing(), problems: [{ line: 1, message: refusal }] };
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { allowTrailingComma: true });
  const { layout, problems } = root === undefined ? readNothing() : readCompareLayout(getNodeValue(root));
  const lines = lineStarts(text);
  const broken = errors.map(({ error, offset }) => ({ line: lineOf(lines, offset), message: `This is not JSON: ${spoken(printParseErrorCode(error))}` }));
  const wrong = problems.map(({ path, message }) => ({ line: lineOf(lines, offsetOf(root, path)), message }));
  return { layout, problems: [...broken, ...wrong] };
};

const readNothing = () => readCompareLayout({ version: layoutVersion });

const longestFile = 1_000_000;
const deepestNesting = 100;

/** The parser follows nesting by recursion, and no layout is deep. */
const refuse = (text: string): string | undefined => {
  if (text.length > longestFile) return 'This file is too large for a layout';
  return isTooDeep(text) ? 'This file is nested too deeply for a layout' : undefined;
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
const offsetOf = (root: Node | undefined, path: LayoutProblem['path']): number => {
  if (root === undefined) return 0;
  for (let length = path.length; length > 0; length--) {
    const node = findNodeAtLocation(root, path.slice(0, length));
    if (node !== undefined) return (node.parent?.type === 'property' ? node.parent : node).offset;
  }
  return root.offset;
};

const lineStarts = (text: string): readonly number[] => [0, ...[...text.matchAll(/\r\n|\r|\n/g)].map((end) => end.index + end[0].length)];
const lineOf = (starts: readonly number[], offset: number): number => starts.findLastIndex((start) => start <= offset) + 1;

type Part = 'runs' | 'charts' | 'cards';
const parts: readonly Part[] = ['runs', 'charts', 'cards'];

/** The text with this layout in it. What has not changed, and what is none of ours, stays as it was written. */
export const writeLayoutFile = (text: string, layout: CompareLayout): string => {
  const before = readLayoutFile(text).layout;
  const changed = parts.filter((part) => !isDeepStrictEqual(before[part], layout[part]));
  return changed.reduce((written, part) => applyEdits(written, modify(written, [part], layout[part], { formattingOptions })), text);
};

const formattingOptions = { insertSpaces: true, tabSize: 2, eol: '\n' };

export const newLayoutFile = (layout: CompareLayout): string => `${JSON.stringify(layout, null, 2)}\n`;
