import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';

import { type Round, runSuite, settle, type Suite } from '../../scripts/suites.ts';
import { repository } from '../../scripts/tools.ts';
import { newTempFolder } from '../support/store-database.ts';
import { writeFile } from 'node:fs/promises';

const suite: Suite = { title: 'Unit tests', config: '', label: '[unit]', inBackground: false };

const round = (isGreen: boolean, outside: readonly string[] = []): Round => {
  const status = isGreen ? 'passed' : 'failed';
  const ofFile = { name: join(repository, 'test/a.test.ts'), status, message: '' };
  const testResults = [{ ...ofFile, assertionResults: [{ status, fullName: 'a', failureMessages: [] }] }];
  return { isGreen: isGreen && outside.length === 0, report: { numPassedTests: isGreen ? 1 : 0, numFailedTests: isGreen ? 0 : 1, testResults }, outside };
};

test('a file that failed and passes by itself is unsteady, and no failure', async () => {
  const outcome = await settle(suite, round(false), async () => round(true));
  expect(outcome).toEqual({ passed: 1, failed: 0, failures: [], unsteady: ['[unit] test/a.test.ts: a\n'] });
});

test('an error outside any test counts, whatever else failed and in whichever round', async () => {
  const failures = ['[unit] outside any test\nError: late'];
  const second = vi.fn(async () => round(true));
  expect(await settle(suite, round(true, ['Error: late']), second)).toEqual({ passed: 1, failed: 1, failures });
  expect(second).not.toHaveBeenCalled();
  expect(await settle(suite, round(false, ['Error: late']), second)).toMatchObject({ passed: 1, failed: 1, failures });
  expect(await settle(suite, round(false), async () => round(true, ['Error: late']))).toMatchObject({ passed: 1, failed: 1, failures });
});

const files = {
  'vitest.config.ts': (root: string) => `export default { root: ${JSON.stringify(root)}, test: { include: ['*.test.ts'], globals: true } };\n`,
  'a.test.ts': () => `test('a', () => { throw new Error('wrong'); });\n`,
  'b.test.ts': () => `test('b', async () => { void Promise.reject(new Error('late')); await new Promise((resolve) => setImmediate(resolve)); });\n`,
};

test('Vitest tells of what failed, and of an error outside any test beside it', { timeout: 300_000 }, async () => {
  const folder = newTempFolder();
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content(folder));
  vi.spyOn(console, 'log').mockImplementation(() => {});
  onTestFinished(() => void vi.restoreAllMocks());
  const { isGreen, report, outside } = await runSuite({ ...suite, config: join(folder, 'vitest.config.ts') }, process.env);
  expect({ isGreen, passed: report?.numPassedTests, failed: report?.numFailedTests }).toEqual({ isGreen: false, passed: 1, failed: 1 });
  expect(outside).toEqual([expect.stringMatching(/^Error: late\n.*b\.test\.ts/s)]);
});
