import { CodeActionKind, type CodeAction, type Diagnostic, type Range, type TextDocumentEdit, type WorkspaceEdit } from 'vscode-languageserver-types';

import type { Document } from '../document.ts';
import type { Finding, Fix } from '../finding.ts';
import type { Workspace } from '../workspace.ts';
import { findingsOf, toDiagnostic } from './diagnostics.ts';

/** The fixes of what is found in a range, and the changes that can be made there though nothing is wrong. */
export const codeActions = async (document: Document, range: Range, workspace: Workspace): Promise<CodeAction[]> => {
  if (endsLinesInCarriageReturns(document)) return [];
  const span = document.spanOf(range);
  const findings = (await findingsOf(document, workspace)).filter(({ start, end }) => start <= span.end && span.start <= end);
  const refactorings = (await document.kind.refactorings?.({ document, span, workspace })) ?? [];
  return [
    ...findings.flatMap((finding) => quickFixes(document, finding)),
    ...refactorings.map(({ kind, fix }): CodeAction => ({ title: fix.title, kind, edit: toWorkspaceEdit(document, fix) })),
  ];
};

/** YAML's line ends of old, which no editor writes: an inserted line would end in another way than the lines around it. */
const endsLinesInCarriageReturns = ({ text }: Document): boolean => /\r(?!\n)/.test(text);

const quickFixes = (document: Document, finding: Finding): readonly CodeAction[] => {
  const diagnostics: Diagnostic[] = [toDiagnostic(document, finding)];
  return (finding.fixes ?? []).map((fix) => ({
    title: fix.title,
    kind: CodeActionKind.QuickFix,
    diagnostics,
    ...(fix.isPreferred === true ? { isPreferred: true } : {}),
    edit: toWorkspaceEdit(document, fix),
  }));
};

/** Edits of the document itself hold for the version that they were made for; a created file has no version. */
export const toWorkspaceEdit = (document: Document, { edits, createFile, renameFile }: Fix): WorkspaceEdit => {
  const changes = Object.entries(edits).map(([uri, textEdits]): TextDocumentEdit => ({
    textDocument: { uri, version: uri === document.uri ? document.version : null },
    edits: [...textEdits],
  }));
  return {
    documentChanges: [
      ...(createFile === undefined ? [] : [{ kind: 'create' as const, uri: createFile, options: { ignoreIfExists: true } }]),
      ...changes,
      ...(renameFile === undefined ? [] : [{ kind: 'rename' as const, oldUri: renameFile.from, newUri: renameFile.to }]),
    ],
  };
};
