/**
 * `npm test`: everything that must hold, on a machine that may have nothing of ours. Its last line is
 * `N passed, N failed`; a check that is not a test suite counts as one. With `checks` it stops before the
 * suites, with `full` properties are tried on far more random inputs.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';

import { exitCode } from './programs.ts';
import { chromium, codeServer, pythonEnvironment, pythonOf, repository } from './tools.ts';

interface Outcome {
  readonly passed: number;
  readonly failed: number;
  /** What failed, each with its first words of why. */
  readonly failures: readonly string[];
}

const check = async (title: string, program: string, ...args: readonly string[]): Promise<Outcome> => {
  console.log(`\n── ${title}`);
  const isGreen = (await exitCode(program, args, { cwd: repository })) === 0;
  return isGreen ? { passed: 1, failed: 0, failures: [] } : { passed: 0, failed: 1, failures: [title] };
};

interface Suite {
  readonly title: string;
  readonly config: string;
  /** Begins each line of its output. */
  readonly label: string;
  /** Gives way to the suite that runs beside it. */
  readonly inBackground: boolean;
}

const unit: Suite = { title: 'Unit tests', config: 'vitest.config.ts', label: '[unit]', inBackground: true };
const interop: Suite = {
  title: "Interop tests against Python's mlflow",
  config: 'vitest.interop.config.ts',
  label: '[interop]',
  inBackground: true,
};
const editor: Suite = { title: 'End-to-end tests in a real VS Code', config: 'vitest.e2e.config.ts', label: '[editor]', inBackground: false };

/** The part of Vitest's JSON report that is read here. */
interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly testResults: readonly {
    readonly name: string;
    /** Of an error outside any test of the file. */
    readonly message: string;
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string; readonly failureMessages: readonly string[] }[];
  }[];
}

const failuresOf = ({ testResults }: Report, label: string): readonly string[] =>
  testResults.flatMap(({ name, message, assertionResults }) => {
    const place = `${label} ${relative(repository, name)}`;
    const failed = assertionResults.filter(({ status }) => status === 'failed');
    const ofTests = failed.map(({ fullName, failureMessages }) => `${place}: ${fullName}\n${failureMessages.join('\n')}`);
    return message === '' ? ofTests : [...ofTests, `${place}\n${message}`];
  });

/** Vitest's exit code also tells of errors outside any test. */
const runSuite = async ({ title, config, label, inBackground }: Suite, env: NodeJS.ProcessEnv): Promise<Outcome> => {
  console.log(`\n── ${title}`);
  const report = join(mkdtempSync(join(tmpdir(), 'mlflow-workbench-test-')), 'report.json');
  const args = ['run', '--config', config, '--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const isGreen = (await exitCode('vitest', args, { cwd: repository, env: { ...process.env, ...env }, label, inBackground })) === 0;
  if (!existsSync(report)) return { passed: 0, failed: 1, failures: [`${title}: no report`] };
  const read = JSON.parse(readFileSync(report, 'utf8')) as Report;
  if (isGreen) return { passed: read.numPassedTests, failed: 0, failures: [] };
  const failures = failuresOf(read, label);
  return {
    passed: read.numPassedTests,
    failed: Math.max(1, read.numFailedTests),
    failures: failures.length > 0 ? failures : [`${title}: an error outside any test`],
  };
};

/** An editor mostly waits, but does not like to: the other suites, one after the other, have room beside it and give way. */
const runSuites = async (env: NodeJS.ProcessEnv): Promise<readonly Outcome[]> => {
  const others = async (): Promise<readonly Outcome[]> => [await runSuite(unit, env), await runSuite(interop, env)];
  const [ofEditor, ofOthers] = await Promise.all([runSuite(editor, env), others()]);
  return [ofEditor, ...ofOthers];
};

const checks = async (): Promise<readonly Outcome[]> => [
  await check('Types', 'tsc', '--noEmit'),
  await check('Lint', 'oxlint', '--type-aware', '--deny-warnings'),
  await check('Format', 'oxfmt', '--check', '.'),
  await check('Dead code', 'knip'),
  await check('Architecture', 'vitest', 'run', '--config', 'vitest.architecture.config.ts'),
];

const suites = async (isFull: boolean): Promise<readonly Outcome[]> => {
  // Hundreds of our programs are started.
  const compileCache = mkdtempSync(join(tmpdir(), 'mlflow-workbench-compile-cache-'));
  const env = {
    NODE_COMPILE_CACHE: compileCache,
    MLFLOW_WORKBENCH_TEST_PYTHON: pythonOf(await pythonEnvironment()),
    MLFLOW_WORKBENCH_CHROMIUM: await chromium(),
    ...(isFull ? { MLFLOW_WORKBENCH_TEST_FULL: '1' } : {}),
  };
  await codeServer();
  const outcomes = [await check('Bundles and VSIX', 'node', 'scripts/package.ts'), ...(await runSuites(env))];
  rmSync(compileCache, { recursive: true, force: true });
  return outcomes;
};

const [mode] = process.argv.slice(2);
const outcomes = [...(await checks()), ...(mode === 'checks' ? [] : await suites(mode === 'full'))];
const total = (key: 'passed' | 'failed'): number => outcomes.reduce((sum, outcome) => sum + outcome[key], 0);

/** Long output hides them: once more at the end. */
for (const failure of outcomes.flatMap(({ failures }) => failures)) console.log(`\n✗ ${failure.split('\n').slice(0, 12).join('\n  ')}`);
console.log(`\n${total('passed')} passed, ${total('failed')} failed`);
process.exitCode = total('failed') === 0 ? 0 : 1;
