import { TextDocument } from 'vscode-languageserver-textdocument';
import { CodeActionKind, type CodeAction, type Diagnostic, type Range, type TextDocumentEdit, type WorkspaceEdit } from 'vscode-languageserver-types';

import { readYamlAgain } from '../../schemas/yaml-again.ts';
import { yamlProblems } from '../../schemas/yaml-refusals.ts';
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
    ...refactorings
      .filter(({ fix }) => keepsYaml(document, fix))
      .map(({ kind, fix }): CodeAction => ({ title: fix.title, kind, edit: toWorkspaceEdit(document, fix) })),
  ];
};

/** YAML's line ends of old, which no editor writes: an inserted line would end in another way than the lines around it. */
const endsLinesInCarriageReturns = ({ text }: Document): boolean => /\r(?!\n)/.test(text);

const isGoodYaml = (document: Document): boolean => yamlProblems(document.yaml).length === 0;

/** A file in an odd way of writing may not bear what helps elsewhere: a fix that would break it is none. */
const keepsYaml = (document: Document, { edits }: Fix): boolean => {
  const own = edits[document.uri];
  if (own === undefined || !document.derive(isGoodYaml)) return true;
  const text = TextDocument.applyEdits(TextDocument.create(document.uri, document.languageId, document.version, document.text), [...own]);
  return yamlProblems(readYamlAgain(text, document.yaml)).length === 0;
};

const quickFixes = (document: Document, finding: Finding): readonly CodeAction[] => {
  const diagnostics: Diagnostic[] = [toDiagnostic(document, finding)];
  const fixes = (finding.fixes ?? []).filter((fix) => keepsYaml(document, fix));
  return fixes.map((fix) => ({
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
