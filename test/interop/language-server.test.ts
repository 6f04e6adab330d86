import { execFileSync } from 'node:child_process';
import { beforeAll, describe, expect, test } from 'vitest';

import type { Finding } from '../../language-server/finding.ts';
import { ruleOf, type RuleCode } from '../../language-server/rules/rules.ts';
import { findingsOf } from '../../language-server/verbs/diagnostics.ts';
import { goldenCases, type GoldenCase } from '../language-server/golden.ts';
import { documentOf, workspaceOf } from '../language-server/support.ts';
import { pythonPath } from '../support/python.ts';

/** What the installed mlflow makes of a project: the exception of loading it, and of building each entry point's command. */
interface Verdict {
  readonly load: string | null;
  readonly run: Readonly<Record<string, string | null>>;
}

/** Where server and mlflow may differ, each with its reason. */
const exceptions: ReadonlyMap<string, string> = new Map([
  ['yaml/too-deep', 'PyYAML reads 101 levels; the server refuses what no project needs'],
  ['environment/outside', 'whether that file exists depends on the machine; the server does not look'],
  ['environment/absolute', 'whether that file exists depends on the machine; the server does not look'],
]);

/** Runs fail on these before the command is built, or after it. */
const failsOutsideCommand: ReadonlySet<RuleCode> = new Set<RuleCode>([
  'docker-name-missing',
  'docker-variable-pair',
  'spark-job-command',
  'environment-folder',
  'parameter-name-refused',
]);

const all = goldenCases('MLproject');
const verdicts = new Map<string, Verdict>();

beforeAll(() => {
  const input = JSON.stringify(all.map(({ text, beside }) => ({ files: { ...beside, MLproject: text } })));
  const output = execFileSync(pythonPath(), ['test/support/load_projects.py'], { input, encoding: 'utf8', maxBuffer: 1e8 });
  const results: readonly Verdict[] = JSON.parse(output);
  for (const [index, verdict] of results.entries()) verdicts.set(all[index]?.name ?? '', verdict);
});

const verdictOf = (name: string): Verdict => {
  const verdict = verdicts.get(name);
  if (verdict === undefined) throw new Error(`mlflow was not asked about ${name}`);
  return verdict;
};

const errorsOf = async ({ text, beside }: GoldenCase, stage: 'load' | 'run'): Promise<readonly Finding[]> => {
  const findings = await findingsOf(documentOf(text), workspaceOf(beside));
  return findings.filter(({ code }) => ruleOf(code).severity === 'error' && ruleOf(code).failsAt === stage);
};

const messages = (findings: readonly Finding[]): readonly string[] => findings.map(({ message }) => message);

/** The value of a `path` is looked at only where there is a folder to download to. */
const isPathDefault = (code: RuleCode, text: string): boolean => code === 'default-not-text' && text.includes('type: path');

const compared = all.filter(({ name }) => !exceptions.has(name));

describe('mlflow accepts and refuses the same projects', () => {
  test.for(compared.map((golden) => [golden.name, golden] as const))('%s', async ([name, golden]) => {
    const verdict = verdictOf(name);
    const loadErrors = messages(await errorsOf(golden, 'load'));
    expect(loadErrors.length > 0, `mlflow: ${verdict.load}; ours: ${loadErrors.join(' ')}`).toBe(verdict.load !== null);
    if (verdict.load !== null) return;
    const runErrors = (await errorsOf(golden, 'run')).filter(({ code }) => !failsOutsideCommand.has(code) && !isPathDefault(code, golden.text));
    const failures = Object.values(verdict.run).filter((message) => message !== null);
    expect(runErrors.length > 0, `mlflow: ${failures.join(' ')}; ours: ${messages(runErrors).join(' ')}`).toBe(failures.length > 0);
  });

  test.for([...exceptions])('%s is left out: %s', ([name]) => {
    expect(all.map((golden) => golden.name)).toContain(name);
  });
});

/** PyYAML adds where it was in the file; a set of environments has no order. */
const comparable = (message: string): string => message.replaceAll(/\s+in "[^"]*", line \d+, column \d+:?/g, '').replaceAll(/\s+/g, ' ');
const withoutException = (message: string): string => message.replace(/^[\w.]+(?: or [\w.]+)*: /, '');
const isSaidOtherwise = ({ code }: Finding): boolean => code === 'multiple-environments';

test('the message shown is the one that mlflow prints', async () => {
  for (const golden of compared) {
    const { load } = verdictOf(golden.name);
    if (load === null || load.includes('multiple environment')) continue;
    const first = (await errorsOf(golden, 'load')).find((finding) => !isSaidOtherwise(finding));
    if (first?.mlflow === undefined) continue;
    expect.soft(comparable(load), golden.name).toContain(comparable(withoutException(first.mlflow)));
  }
});
