import { isDeepStrictEqual } from 'node:util';
import { applyEdits, modify } from 'jsonc-parser';
import { layoutVersion, readCompareLayout, type CompareLayout } from '../../schemas/compare-layout.ts';
import { readJsonFile, type FileProblem } from './json-file.ts';

/** Where layouts are, below a workspace folder. */
export const layoutsFolder = '.mlflow-workbench/layouts';

export interface LayoutFile {
  readonly layout: CompareLayout;
  readonly problems: readonly FileProblem[];
}

/** A layout as people write it: what is wrong is told with its line, and the rest is there. */
export const readLayoutFile = (text: string): LayoutFile =>
  readJsonFile(text, { what: 'a layout', empty: { version: layoutVersion }, read: readCompareLayout });

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
