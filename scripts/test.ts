/**
 * `npm test`: everything that must hold, on a machine that may have nothing of ours. Its last line is
 * `N passed, N failed`; a check that is not a test suite counts as one.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { chromium, codeServer, pythonEnvironment, pythonOf } from './tools.ts';

interface Count {
  readonly passed: number;
  readonly failed: number;
}

const bin = (name: string): string => join('node_modules', '.bin', name);

const run = (title: string, command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): boolean => {
  console.log(`\n── ${title}`);
  return spawnSync(command, args, { stdio: 'inherit', env: { ...process.env, ...env } }).status === 0;
};

const check = (title: string, command: string, args: readonly string[]): Count =>
  run(title, command, args) ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };

/** Vitest's exit code also tells of errors outside any test. */
const suite = (title: string, config: string, env: NodeJS.ProcessEnv = {}): Count => {
  const report = join(mkdtempSync(join(tmpdir(), 'mlflow-workbench-test-')), 'report.json');
  const isGreen = run(title, bin('vitest'), ['run', '--config', config, '--reporter=default', '--reporter=json', `--outputFile.json=${report}`], env);
  if (!existsSync(report)) return { passed: 0, failed: 1 };
  const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(report, 'utf8')) as { numPassedTests: number; numFailedTests: number };
  return { passed: numPassedTests, failed: isGreen ? numFailedTests : Math.max(1, numFailedTests) };
};

const checks = (): Count[] => [
  check('Types', bin('tsc'), ['--noEmit']),
  check('Lint', bin('oxlint'), ['--type-aware', '--deny-warnings']),
  check('Format', bin('oxfmt'), ['--check', '.']),
  check('Dead code', bin('knip'), []),
];

const suites = async (): Promise<Count[]> => {
  const tools = {
    MLFLOW_WORKBENCH_TEST_PYTHON: pythonOf(await pythonEnvironment()),
    MLFLOW_WORKBENCH_CHROMIUM: await chromium(),
  };
  const built = check('Bundles', process.execPath, ['scripts/build.ts', '--production']);
  const unit = suite('Unit tests', 'vitest.config.ts', tools);
  const interop = suite("Interop tests against Python's mlflow", 'vitest.interop.config.ts', tools);
  await codeServer();
  const packed = check('VSIX', process.execPath, ['scripts/package.ts']);
  const endToEnd = suite('End-to-end tests in a real VS Code', 'vitest.e2e.config.ts', tools);
  return [built, unit, interop, packed, endToEnd];
};

const only = process.argv[2];
const counts = [...(only === 'suites' ? [] : checks()), ...(only === 'checks' ? [] : await suites())];
const total = (key: keyof Count): number => counts.reduce((sum, count) => sum + count[key], 0);
console.log(`\n${total('passed')} passed, ${total('failed')} failed`);
process.exitCode = total('failed') === 0 ? 0 : 1;
