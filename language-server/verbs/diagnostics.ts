import { DiagnosticSeverity, DiagnosticTag, type Diagnostic, type DiagnosticRelatedInformation } from 'vscode-languageserver-types';

import type { Document } from '../document.ts';
import type { Finding } from '../finding.ts';
import { checkSize } from '../kinds/yaml-checks.ts';
import type { Severity } from '../rules/rule.ts';
import { memoFiles } from '../memo-files.ts';
import { ruleOf } from '../rules/rules.ts';
import type { Workspace } from '../workspace.ts';

const severities: Readonly<Record<Severity, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  information: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
};

/** A page that explains the codes, one heading for each. */
export const documentationUrl = 'https://github.com/mlflow-workbench/mlflow-workbench/blob/main/docs/language-server.md';

export const findingsOf = async (document: Document, workspace: Workspace): Promise<readonly Finding[]> => {
  // Its tree is not there, and what the checks would say of an empty one is not true.
  if (document.isTooLarge) return checkSize(document, workspace);
  const frozen = { ...workspace, files: memoFiles(workspace.files) };
  const found = await Promise.all(document.kind.checks.map(async (check) => check(document, frozen)));
  const isBroken = found.flat().some(({ code }) => code === 'yaml-syntax' || code === 'yaml-tab' || code === 'yaml-nesting');
  return unique(found.flat().filter(({ code }) => !isBroken || ruleOf(code).needsValidYaml !== true));
};

/** What an anchor holds is found once for itself and once for each alias. */
const unique = (findings: readonly Finding[]): readonly Finding[] => [
  ...new Map(findings.map((finding) => [`${finding.start} ${finding.end} ${finding.code} ${finding.message}`, finding])).values(),
];

/** `isShared`: another server says what is wrong with the plain YAML. */
export const diagnose = async (document: Document, workspace: Workspace, isShared = false): Promise<Diagnostic[]> => {
  const findings = (await findingsOf(document, workspace)).filter(({ code }) => !isShared || ruleOf(code).isPlainYaml !== true);
  return findings.map((finding) => toDiagnostic(document, finding));
};

export const toDiagnostic = (document: Document, finding: Finding): Diagnostic => ({
  range: document.rangeOf(finding),
  severity: severities[ruleOf(finding.code).severity],
  code: finding.code,
  codeDescription: { href: `${documentationUrl}#${finding.code}` },
  source: 'MLflow',
  message: finding.message,
  ...(finding.tag && { tags: [finding.tag === 'unnecessary' ? DiagnosticTag.Unnecessary : DiagnosticTag.Deprecated] }),
  relatedInformation: relatedInformation(document, finding),
});

const relatedInformation = (document: Document, { start, end, mlflow, related = [] }: Finding): DiagnosticRelatedInformation[] => {
  const own = mlflow === undefined ? [] : [{ start, end, message: `MLflow: ${mlflow}` }];
  return [...own, ...related].map((place) => ({ location: { uri: document.uri, range: document.rangeOf(place) }, message: place.message }));
};
