/**
 * `npm test`: everything that must hold, on a machine that may have nothing of ours. Its last line is
 * `N passed, N failed`; a check that is not a test suite counts as one. With `checks` it stops before the
 * suites, with `full` properties are tried on far more random inputs.
 */
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { exitCode } from './programs.ts';
import { chromium, codeServer, pythonEnvironment, pythonOf, repository } from './tools.ts';

interface Count {
  readonly passed: number;
  readonly failed: number;
}

const check = async (title: string, program: string, ...args: readonly string[]): Promise<Count> => {
  console.log(`\n── ${title}`);
  return (await exitCode(program, args, { cwd: repository })) === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
};

interface Suite {
  readonly title: string;
  readonly config: string;
  /** Begins each line of its output. */
  readonly label: string;
}

const unit: Suite = { title: 'Unit tests', config: 'vitest.config.ts', label: '[unit]' };
const interop: Suite = { title: "Interop tests against Python's mlflow", config: 'vitest.interop.config.ts', label: '[interop]' };
const editor: Suite = { title: 'End-to-end tests in a real VS Code', config: 'vitest.e2e.config.ts', label: '[editor]' };

/** Vitest's exit code also tells of errors outside any test. */
const runSuite = async ({ title, config, label }: Suite, env: NodeJS.ProcessEnv): Promise<Count> => {
  console.log(`\n── ${title}`);
  const report = join(mkdtempSync(join(tmpdir(), 'mlflow-workbench-test-')), 'report.json');
  const args = ['run', '--config', config, '--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const isGreen = (await exitCode('vitest', args, { cwd: repository, env: { ...process.env, ...env }, label })) === 0;
  if (!existsSync(report)) return { passed: 0, failed: 1 };
  const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(report, 'utf8')) as { numPassedTests: number; numFailedTests: number };
  return { passed: numPassedTests, failed: isGreen ? numFailedTests : Math.max(1, numFailedTests) };
};

/** An editor mostly waits: the other suites, one after the other, have room beside it. */
const runSuites = async (env: NodeJS.ProcessEnv): Promise<readonly Count[]> => {
  const others = async (): Promise<readonly Count[]> => [await runSuite(unit, env), await runSuite(interop, env)];
  const [ofEditor, ofOthers] = await Promise.all([runSuite(editor, env), others()]);
  return [ofEditor, ...ofOthers];
};

const checks = async (): Promise<readonly Count[]> => [
  await check('Types', 'tsc', '--noEmit'),
  await check('Lint', 'oxlint', '--type-aware', '--deny-warnings'),
  await check('Format', 'oxfmt', '--check', '.'),
  await check('Dead code', 'knip'),
  await check('Architecture', 'vitest', 'run', '--config', 'vitest.architecture.config.ts'),
];

const suites = async (isFull: boolean): Promise<readonly Count[]> => {
  const env = {
    MLFLOW_WORKBENCH_TEST_PYTHON: pythonOf(await pythonEnvironment()),
    MLFLOW_WORKBENCH_CHROMIUM: await chromium(),
    ...(isFull ? { MLFLOW_WORKBENCH_TEST_FULL: '1' } : {}),
  };
  await codeServer();
  return [await check('Bundles and VSIX', 'node', 'scripts/package.ts'), ...(await runSuites(env))];
};

const [mode] = process.argv.slice(2);
const counts = [...(await checks()), ...(mode === 'checks' ? [] : await suites(mode === 'full'))];
const total = (key: keyof Count): number => counts.reduce((sum, count) => sum + count[key], 0);
console.log(`\n${total('passed')} passed, ${total('failed')} failed`);
process.exitCode = total('failed') === 0 ? 0 : 1;
