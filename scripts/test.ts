/**
 * `npm test`: everything that must hold, on a machine that may have nothing of ours. Its last line is
 * `N passed, N failed`; a check that is not a test suite counts as one. With `checks` it stops before the
 * suites, with `full` properties are tried on far more random inputs.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { exitCode } from './programs.ts';
import { type Outcome, type Round, runSuite, settle, type Suite } from './suites.ts';
import { chromium, codeServer, pythonEnvironment, pythonOf, repository } from './tools.ts';

const check = async (title: string, program: string, ...args: readonly string[]): Promise<Outcome> => {
  console.log(`\n── ${title}`);
  const isGreen = (await exitCode(program, args, { cwd: repository })) === 0;
  return isGreen ? { passed: 1, failed: 0, failures: [] } : { passed: 0, failed: 1, failures: [title] };
};

const unit: Suite = { title: 'Unit tests', config: 'vitest.config.ts', label: '[unit]', inBackground: true };
const interop: Suite = {
  title: "Interop tests against Python's mlflow",
  config: 'vitest.interop.config.ts',
  label: '[interop]',
  inBackground: true,
};
const editor: Suite = { title: 'End-to-end tests in a real VS Code', config: 'vitest.e2e.config.ts', label: '[editor]', inBackground: false };

/**
 * An editor mostly waits, but does not like to: the other suites, one after the other, have room beside it and give way. The one that uses every core
 * comes last: then the editor has ended.
 */
const runSuites = async (env: NodeJS.ProcessEnv, { vscode }: Tools): Promise<readonly Outcome[]> => {
  const others = async (): Promise<readonly [Round, Round]> => [await runSuite(interop, env), await runSuite(unit, env)];
  const [ofEditor, [ofInterop, ofUnit]] = await Promise.all([vscode.then(async () => await runSuite(editor, env)), others()]);
  const settled = async (suite: Suite, first: Round): Promise<Outcome> => await settle(suite, first, async (files) => await runSuite(suite, env, files));
  return [await settled(editor, ofEditor), await settled(interop, ofInterop), await settled(unit, ofUnit)];
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
