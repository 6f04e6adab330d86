import { execFileSync } from 'node:child_process';
import { beforeAll, describe, expect, test } from 'vitest';

import type { KindName } from '../../language-server/kinds/kind.ts';
import { ruleOf } from '../../language-server/rules/rules.ts';
import { findingsOf } from '../../language-server/verbs/diagnostics.ts';
import { goldenCases, type GoldenCase } from '../language-server/golden.ts';
import { documentOf, workspaceOf } from '../language-server/support.ts';
import { pythonPath } from '../support/python.ts';

const kinds = ['MLmodel', 'python_env.yaml', 'conda.yaml'] as const satisfies readonly KindName[];

/** Where the server and mlflow do not agree; each with its reason. */
const exceptions: ReadonlyMap<string, string> = new Map([
  ['MLmodel yaml/too-deep', 'PyYAML reads 101 levels; the server refuses what no model needs'],
  ['conda.yaml shape/dependencies-text', 'MLflow takes the text for a list of letters; conda refuses it'],
  ['python_env.yaml yaml/too-deep', 'the same'],
  ['MLmodel wild/python-source', 'a file that is no MLmodel is left alone'],
]);

interface Asked {
  readonly name: string;
  readonly kind: KindName;
  readonly golden: GoldenCase;
}

const all = kinds.flatMap((kind) => goldenCases(kind).map((golden): Asked => ({ name: `${kind} ${golden.name}`, kind, golden })));
const verdicts = new Map<string, string | null>();

beforeAll(() => {
  const input = JSON.stringify(all.map(({ kind, golden: { text } }) => ({ kind, text })));
  const output = execFileSync(pythonPath(), ['test/support/load_files.py'], { input, encoding: 'utf8', maxBuffer: 1e8 });
  const answers: readonly (string | null)[] = JSON.parse(output);
  for (const [index, answer] of answers.entries()) verdicts.set(all[index]?.name ?? '', answer);
});

/** What the server says that loading the file fails with, in its words. */
const refusals = async ({ kind, golden: { text, beside } }: Asked): Promise<readonly string[]> => {
  const findings = await findingsOf(documentOf(text, kind), workspaceOf(beside));
  return findings.filter(({ code }) => ruleOf(code).failsAt === 'load').map(({ message }) => message);
};

describe('the server refuses a file exactly when mlflow does', () => {
  test.for(all.filter(({ name }) => !exceptions.has(name)).map((asked) => [asked.name, asked] as const))('%s', async ([name, asked]) => {
    const verdict = verdicts.get(name) ?? null;
    const found = await refusals(asked);
    expect({ mlflow: verdict, refuses: found.length > 0, found }).toEqual({ mlflow: verdict, refuses: verdict !== null, found });
  });
});
