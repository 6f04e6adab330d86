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

const succeeds = async (title: string, program: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<boolean> => {
  console.log(`\n── ${title}`);
  return (await exitCode(program, args, { cwd: repository, env: { ...process.env, ...env } })) === 0;
};

const check = async (title: string, program: string, ...args: readonly string[]): Promise<Count> =>
  (await succeeds(title, program, args)) ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };

/** Vitest's exit code also tells of errors outside any test. */
const suite = async (title: string, config: string, env: NodeJS.ProcessEnv): Promise<Count> => {
  const report = join(mkdtempSync(join(tmpdir(), 'mlflow-workbench-test-')), 'report.json');
  const isGreen = await succeeds(title, 'vitest', ['run', '--config', config, '--reporter=default', '--reporter=json', `--outputFile.json=${report}`], env);
  if (!existsSync(report)) return { passed: 0, failed: 1 };
  const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(report, 'utf8')) as { numPassedTests: number; numFailedTests: number };
  return { passed: numPassedTests, failed: isGreen ? numFailedTests : Math.max(1, numFailedTests) };
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
  return [
    await check('Bundles and VSIX', 'node', 'scripts/package.ts'),
    await suite('Unit tests', 'vitest.config.ts', env),
    await suite("Interop tests against Python's mlflow", 'vitest.interop.config.ts', env),
    await suite('End-to-end tests in a real VS Code', 'vitest.e2e.config.ts', env),
  ];
};

const [mode] = process.argv.slice(2);
const counts = [...(await checks()), ...(mode === 'checks' ? [] : await suites(mode === 'full'))];
const total = (key: keyof Count): number => counts.reduce((sum, count) => sum + count[key], 0);
console.log(`\n${total('passed')} passed, ${total('failed')} failed`);
process.exitCode = total('failed') === 0 ? 0 : 1;
