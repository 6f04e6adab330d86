/** A suite of tests: how it is run, and what comes of it. */
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

import { outputVariable } from './outside-errors.ts';
import { exitCode } from './programs.ts';
import { repository } from './tools.ts';

export interface Outcome {
  readonly passed: number;
  readonly failed: number;
  /** What failed, each with its first words of why. */
  readonly failures: readonly string[];
  /** What failed at first, and did not when it ran again. */
  readonly unsteady?: readonly string[];
}

export interface Suite {
  readonly title: string;
  readonly config: string;
  /** Begins each line of its output. */
  readonly label: string;
  /** Gives way to the suite that runs beside it. */
  readonly inBackground: boolean;
}

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

export interface Round {
  readonly isGreen: boolean;
  readonly report: Report | undefined;
  /** Stacks of the errors outside any test: nobody can say which file to run again. */
  readonly outside: readonly string[];
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

const outsideOf = (label: string, outside: readonly string[]): readonly string[] => outside.map((stack) => `${label} outside any test\n${stack}`);

const outcomeOf = ({ title, label }: Suite, { isGreen, report, outside }: Round): Outcome => {
  if (report === undefined) return { passed: 0, failed: 1, failures: [`${title}: no report`] };
  if (isGreen) return { passed: report.numPassedTests, failed: 0, failures: [] };
  const failures = [...failuresOf(report, label), ...outsideOf(label, outside)];
  return {
    passed: report.numPassedTests,
    failed: Math.max(1, report.numFailedTests + outside.length),
    failures: failures.length > 0 ? failures : [`${title}: Vitest failed`],
  };
};

const outsideErrors = fileURLToPath(new URL('outside-errors.ts', import.meta.url));

const written = <T>(file: string): T | undefined => (existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as T) : undefined);

export const runSuite = async ({ title, config, label, inBackground }: Suite, env: NodeJS.ProcessEnv, files: readonly string[] = []): Promise<Round> => {
  console.log(`\n── ${title}${files.length === 0 ? '' : `, again: ${files.join(', ')}`}`);
  const folder = mkdtempSync(join(tmpdir(), 'mlflow-workbench-test-'));
  const [output, errors] = [join(folder, 'report.json'), join(folder, 'errors.json')];
  const args = ['run', '--config', config, '--reporter=default', '--reporter=json', `--reporter=${outsideErrors}`, `--outputFile.json=${output}`, ...files];
  const isGreen = (await exitCode('vitest', args, { cwd: repository, env: { ...process.env, ...env, [outputVariable]: errors }, label, inBackground })) === 0;
  return { isGreen, report: written<Report>(output), outside: written<readonly string[]>(errors) ?? [] };
};

const mostFilesAgain = 5;

/** Two suites share the machine: a file that failed runs once more by itself, and fails if it does again. An error outside any test stays one. */
export const settle = async (suite: Suite, first: Round, runAgain: (files: readonly string[]) => Promise<Round>): Promise<Outcome> => {
  const files = filesOf(first.report);
  if (first.report === undefined || files.length === 0 || files.length > mostFilesAgain) return outcomeOf(suite, first);
  const second = outcomeOf(suite, await runAgain(files));
  return {
    passed: second.passed + passedBeside(first.report, files),
    failed: second.failed + first.outside.length,
    failures: [...second.failures, ...outsideOf(suite.label, first.outside)],
    unsteady: failuresOf(first.report, suite.label),
  };
};

const passedBeside = ({ testResults }: Report, files: readonly string[]): number =>
  testResults
    .filter(({ name }) => !files.includes(relative(repository, name)))
    .flatMap(({ assertionResults }) => assertionResults.filter(({ status }) => status === 'passed')).length;
