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
  /** What failed at first, and did not when it ran again. */
  readonly unsteady?: readonly string[];
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
    readonly status: string;
    /** Of an error outside any test of the file. */
    readonly message: string;
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string; readonly failureMessages: readonly string[] }[];
  }[];
}

interface Round {
  /** Vitest's exit code also tells of errors outside any test. */
  readonly isGreen: boolean;
  readonly report: Report | undefined;
}

const failuresOf = ({ testResults }: Report, label: string): readonly string[] =>
  testResults.flatMap(({ name, message, assertionResults }) => {
    const place = `${label} ${relative(repository, name)}`;
    const failed = assertionResults.filter(({ status }) => status === 'failed');
    const ofTests = failed.map(({ fullName, failureMessages }) => `${place}: ${fullName}\n${failureMessages.join('\n')}`);
    return message === '' ? ofTests : [...ofTests, `${place}\n${message}`];
  });

const filesOf = (report: Report | undefined): readonly string[] =>
  (report?.testResults ?? []).filter(({ status }) => status === 'failed').map(({ name }) => relative(repository, name));

const outcomeOf = ({ title, label }: Suite, { isGreen, report }: Round): Outcome => {
  if (report === undefined) return { passed: 0, failed: 1, failures: [`${title}: no report`] };
  if (isGreen) return { passed: report.numPassedTests, failed: 0, failures: [] };
  const failures = failuresOf(report, label);
  return {
    passed: report.numPassedTests,
    failed: Math.max(1, report.numFailedTests),
    failures: failures.length > 0 ? failures : [`${title}: an error outside any test`],
  };
};

const runSuite = async ({ title, config, label, inBackground }: Suite, env: NodeJS.ProcessEnv, files: readonly string[] = []): Promise<Round> => {
  console.log(`\n── ${title}${files.length === 0 ? '' : `, again: ${files.join(', ')}`}`);
  const output = join(mkdtempSync(join(tmpdir(), 'mlflow-workbench-test-')), 'report.json');
  const args = ['run', '--config', config, '--reporter=default', '--reporter=json', `--outputFile.json=${output}`, ...files];
  const isGreen = (await exitCode('vitest', args, { cwd: repository, env: { ...process.env, ...env }, label, inBackground })) === 0;
  return { isGreen, report: existsSync(output) ? (JSON.parse(readFileSync(output, 'utf8')) as Report) : undefined };
};

const mostFilesAgain = 5;

/** Two suites share the machine: a file that failed runs once more by itself, and fails if it does again. */
const settle = async (suite: Suite, first: Round, env: NodeJS.ProcessEnv): Promise<Outcome> => {
  const files = filesOf(first.report);
  if (first.report === undefined || files.length === 0 || files.length > mostFilesAgain) return outcomeOf(suite, first);
  const second = outcomeOf(suite, await runSuite(suite, env, files));
  return { ...second, passed: second.passed + passedBeside(first.report, files), unsteady: failuresOf(first.report, suite.label) };
};

const passedBeside = ({ testResults }: Report, files: readonly string[]): number =>
  testResults
    .filter(({ name }) => !files.includes(relative(repository, name)))
    .flatMap(({ assertionResults }) => assertionResults.filter(({ status }) => status === 'passed')).length;

/**
 * An editor mostly waits, but does not like to: the other suites, one after the other, have room beside it and give way. The one that uses every core
 * comes last: then the editor has ended.
 */
const runSuites = async (env: NodeJS.ProcessEnv, { vscode }: Tools): Promise<readonly Outcome[]> => {
  const others = async (): Promise<readonly [Round, Round]> => [await runSuite(interop, env), await runSuite(unit, env)];
  const [ofEditor, [ofInterop, ofUnit]] = await Promise.all([vscode.then(async () => await runSuite(editor, env)), others()]);
  return [await settle(editor, ofEditor, env), await settle(interop, ofInterop, env), await settle(unit, ofUnit, env)];
};

const checks = async (): Promise<readonly Outcome[]> => [
  await check('Types', 'tsc', '--noEmit'),
  await check('Lint', 'oxlint', '--type-aware', '--deny-warnings'),
  await check('Format', 'oxfmt', '--check', '.'),
  await check('Dead code', 'knip'),
  await check('Architecture', 'vitest', 'run', '--config', 'vitest.architecture.config.ts'),
];

interface Tools {
  readonly python: Promise<string>;
  readonly browser: Promise<string>;
  /** Takes two minutes to make, once per user. */
  readonly vscode: Promise<unknown>;
}

/** Made while what needs none of them runs; apt-get, which two of them may need, is asked by one after the other. */
const prepareTools = (): Tools => {
  const browser = chromium();
  const tools = { python: pythonEnvironment(), browser, vscode: browser.then(codeServer) };
  // Whoever needs one is told then.
  for (const tool of Object.values(tools)) tool.catch(() => {});
  return tools;
};

const suites = async (isFull: boolean, tools: Tools): Promise<readonly Outcome[]> => {
  // Hundreds of our programs are started.
  const compileCache = mkdtempSync(join(tmpdir(), 'mlflow-workbench-compile-cache-'));
  const env = {
    NODE_COMPILE_CACHE: compileCache,
    MLFLOW_WORKBENCH_TEST_PYTHON: pythonOf(await tools.python),
    MLFLOW_WORKBENCH_CHROMIUM: await tools.browser,
    ...(isFull ? { MLFLOW_WORKBENCH_TEST_FULL: '1' } : {}),
  };
  const outcomes = [await check('Bundles and VSIX', 'node', 'scripts/package.ts'), ...(await runSuites(env, tools))];
  rmSync(compileCache, { recursive: true, force: true });
  return outcomes;
};

const [mode] = process.argv.slice(2);
const tools = mode === 'checks' ? undefined : prepareTools();
const outcomes = [...(await checks()), ...(tools === undefined ? [] : await suites(mode === 'full', tools))];
const total = (key: 'passed' | 'failed'): number => outcomes.reduce((sum, outcome) => sum + outcome[key], 0);

const firstLines = (failure: string): string => failure.split('\n').slice(0, 12).join('\n  ');

/** Long output hides them: once more at the end. */
for (const failure of outcomes.flatMap(({ unsteady = [] }) => unsteady)) console.log(`\nFailed at first: ${firstLines(failure)}`);
for (const failure of outcomes.flatMap(({ failures }) => failures)) console.log(`\n✗ ${firstLines(failure)}`);
console.log(`\n${total('passed')} passed, ${total('failed')} failed`);
process.exitCode = total('failed') === 0 ? 0 : 1;
