import { relative } from 'node:path';
import { describe, expect, test } from 'vitest';

import type { Finding } from '../../language-server/finding.ts';
import { findingsOf, toDiagnostic } from '../../language-server/verbs/diagnostics.ts';
import { describeFix, goldenCases, type GoldenCase } from './golden.ts';
import { applyFix, documentOf, formatDiagnostic, workspaceOf } from './support.ts';

/** `vitest run test/language-server/golden.test.ts -u` writes the expected diagnostics anew; read what changed. */
describe.for(['MLproject', 'MLmodel', 'python_env.yaml', 'conda.yaml'])('%s', (kind) => {
  test.for(goldenCases(kind).map((golden) => [golden.name, golden] as const))('%s', async ([, golden]) => {
    const lines = await describeCase(golden, kind);
    await expect(lines.join('\n')).toMatchFileSnapshot(relative(import.meta.dirname, golden.expected));
  });

  test.for(goldenCases(kind).map((golden) => [golden.name, golden] as const))('each fix mends %s', async ([, golden]) => {
    const document = documentOf(golden.text, kind);
    const workspace = workspaceOf(golden.beside);
    const findings = await findingsOf(document, workspace);
    for (const finding of findings) {
      for (const fix of finding.fixes ?? []) {
        if (fix.edits[document.uri] === undefined) continue;
        const after = await findingsOf(documentOf(applyFix(document, fix).text, kind), workspace);
        expect(count(after, finding)).toBeLessThan(count(findings, finding));
        expect(after.filter(isBrokenYaml).length).toBeLessThanOrEqual(findings.filter(isBrokenYaml).length);
      }
    }
  });
});

const count = (findings: readonly Finding[], { message }: Finding): number => findings.filter((finding) => finding.message === message).length;

const isBrokenYaml = ({ code }: Finding): boolean => code.startsWith('yaml-syntax');

const describeCase = async ({ text, beside }: GoldenCase, kind: string): Promise<readonly string[]> => {
  const document = documentOf(text, kind);
  const findings = await findingsOf(document, workspaceOf(beside));
  return findings.flatMap((finding) => [
    formatDiagnostic(toDiagnostic(document, finding)),
    ...(finding.mlflow === undefined ? [] : [`    MLflow: ${finding.mlflow}`]),
    ...(finding.fixes ?? []).map((fix) => describeFix(applyFix(document, fix), text)),
  ]);
};
