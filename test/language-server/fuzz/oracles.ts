import { TextDocument } from 'vscode-languageserver-textdocument';
import type { Position, Range, TextEdit, WorkspaceEdit } from 'vscode-languageserver-types';

import { yamlProblems } from '../../../schemas/yaml-refusals.ts';
import type { Document } from '../../../language-server/document.ts';
import { isSameValue } from '../../../language-server/format/same-value.ts';
import { codeActions } from '../../../language-server/verbs/code-actions.ts';
import { complete } from '../../../language-server/verbs/completion.ts';
import { diagnose } from '../../../language-server/verbs/diagnostics.ts';
import { foldingRanges } from '../../../language-server/verbs/folding.ts';
import { format, formatRange } from '../../../language-server/verbs/formatting.ts';
import { hover } from '../../../language-server/verbs/hover.ts';
import { inlayHints } from '../../../language-server/verbs/inlay-hints.ts';
import { links } from '../../../language-server/verbs/links.ts';
import { definition, highlights, prepareRename, references, rename } from '../../../language-server/verbs/names.ts';
import { selectionRanges } from '../../../language-server/verbs/selection.ts';
import { semanticTokens } from '../../../language-server/verbs/semantic-tokens.ts';
import { symbols } from '../../../language-server/verbs/symbols.ts';
import type { Workspace } from '../../../language-server/workspace.ts';
import { documentOf } from '../support.ts';

const options = { tabSize: 2, insertSpaces: true };

/** What must hold of every text, however broken; throws with the reason. */
export const checkOracles = async (text: string, offsets: readonly number[], workspace: Workspace, name: string): Promise<void> => {
  const document = documentOf(text, name);
  await checkWhole(document, workspace);
  for (const offset of offsets) await checkAt(document, document.positionAt(offset), workspace);
  await checkFixes(document, workspace);
  checkFormat(document);
};

const checkWhole = async (document: Document, workspace: Workspace): Promise<void> => {
  const all = document.rangeOf({ start: 0, end: document.text.length });
  const results = [
    await diagnose(document, workspace),
    symbols(document),
    foldingRanges(document),
    await links(document, workspace),
    inlayHints(document, all),
    semanticTokens(document),
  ];
  checkRanges(document, results);
};

const checkAt = async (document: Document, position: Position, workspace: Workspace): Promise<void> => {
  checkRanges(document, [
    await complete(document, position, workspace),
    await hover(document, position, workspace),
    await highlights(document, position, workspace),
    await prepareRename(document, position, workspace),
    selectionRanges(document, [position]),
    (await definition(document, position, workspace)).filter(({ uri }) => uri === document.uri),
    (await references(document, position, workspace, true)).filter(({ uri }) => uri === document.uri),
  ]);
  await checkRename(document, position, workspace);
};

/** Back to the old name, and everything is as it was. */
const checkRename = async (document: Document, position: Position, workspace: Workspace): Promise<void> => {
  const prepared = await prepareRename(document, position, workspace);
  if (prepared === undefined || !canBeWritten(prepared.placeholder)) return;
  const there = await rename(document, position, 'fresh_name', workspace);
  if (there.kind === 'refused') return;
  const after = documentOf(applyOwn(document, there.edit), nameOf(document));
  const back = await rename(after, prepared.range.start, prepared.placeholder, workspace);
  if (back.kind === 'refused') throw new Error(`The old name '${prepared.placeholder}' is refused: ${back.reason}`);
  const again = applyOwn(after, back.edit);
  if (again !== document.text) throw new Error(`Renamed there and back: ${JSON.stringify(again)}`);
};

/** Names with escapes or folds in them are not written as they are read. */
const canBeWritten = (name: string): boolean => /^[a-z_][\w-]*$/i.test(name);

const checkFixes = async (document: Document, workspace: Workspace): Promise<void> => {
  const all = document.rangeOf({ start: 0, end: document.text.length });
  const wasGood = yamlProblems(document.yaml).length === 0;
  // Each costs another parse: the first of many that are alike tell enough.
  for (const { title, edit } of (await codeActions(document, all, workspace)).slice(0, 30)) {
    const after = documentOf(applyOwn(document, edit ?? {}), nameOf(document));
    const [problem] = yamlProblems(after.yaml);
    if (wasGood && problem !== undefined) throw new Error(`'${title}' makes ${JSON.stringify(after.text)}: ${problem.message}`);
  }
};

const checkFormat = (document: Document): void => {
  const once = documentOf(applyEdits(document, format(document, options)), nameOf(document));
  if (!isSameValue(document.yaml.root, once.yaml.root)) throw new Error(`Formatted to something else: ${JSON.stringify(once.text)}`);
  const twice = applyEdits(once, format(once, options));
  if (twice !== once.text) throw new Error(`Formatted a second time: ${JSON.stringify(once.text)} becomes ${JSON.stringify(twice)}`);
  const range = document.rangeOf({ start: document.text.length >> 2, end: document.text.length >> 1 });
  const part = documentOf(applyEdits(document, formatRange(document, range, options)), nameOf(document));
  if (!isSameValue(document.yaml.root, part.yaml.root)) throw new Error(`A part formatted to something else: ${JSON.stringify(part.text)}`);
};

const nameOf = ({ uri }: Document): string => uri.slice(uri.lastIndexOf('/') + 1);

const applyEdits = (document: Document, edits: readonly TextEdit[]): string =>
  TextDocument.applyEdits(TextDocument.create(document.uri, 'yaml', 1, document.text), [...edits]);

/** Without what needs to be confirmed, and without other files. */
const applyOwn = (document: Document, { documentChanges = [] }: WorkspaceEdit): string => {
  const own = documentChanges.flatMap((change) => ('edits' in change && change.textDocument.uri === document.uri ? change.edits : []));
  return applyEdits(
    document,
    own.flatMap((edit) => ('newText' in edit && !('annotationId' in edit) ? [edit] : [])),
  );
};

/** Every range anywhere in a result lies in the document, and ends no earlier than it starts. */
const checkRanges = (document: Document, value: unknown): void => {
  if (typeof value !== 'object' || value === null) return;
  if (isRange(value)) checkRange(document, value);
  if ('location' in value) return;
  for (const child of Object.values(value)) checkRanges(document, child);
};

const isRange = (value: object): value is Range => 'start' in value && 'end' in value && typeof value.start === 'object';

const checkRange = (document: Document, range: Range): void => {
  const { start, end } = document.spanOf(range);
  const back = document.rangeOf({ start, end });
  if (start > end || JSON.stringify(back) !== JSON.stringify({ start: range.start, end: range.end }))
    throw new Error(`Outside the text: ${JSON.stringify(range)}`);
};
