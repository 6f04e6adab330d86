import * as vscode from 'vscode';

import { sayError } from '../../host/messages.ts';
import { readSetting } from '../../host/settings.ts';
import type { Logger } from '../../shared/logger.ts';
import { userEnvironment } from '../../shared/process.ts';
import {
  checkInterpreter,
  findInterpreter,
  type Interpreter,
  type InterpreterCheck,
  type InterpreterOrigin,
  type InterpreterSearch,
} from '../../shared/interpreter.ts';
import { installPackages } from './install-package.ts';
import { selectedInterpreter } from './python-extensions.ts';
import { selectInterpreter } from './select-interpreter.ts';

const origins: Readonly<Record<InterpreterOrigin, string>> = {
  'python-environments': 'selected in Python Environments',
  setting: 'from the setting mlflow.pythonPath',
  'python-extension': 'selected in the Python extension',
  folder: 'found in the folder',
  path: 'found on PATH',
};

/** Path and where it is from, and what it comes before. */
const shown = ({ path, origin, passedOver }: Interpreter): string =>
  `${path} (${origins[origin]}${passedOver === undefined ? '' : `, which comes before the setting mlflow.pythonPath: ${passedOver}`})`;

const install = 'Install mlflow';
const runAnyway = 'Run Anyway';
const chooseAnother = 'Choose Another…';

/** Which Python runs what is in a folder, and whether it can. */
export class Interpreters {
  readonly #log: Logger;

  constructor(log: Logger) {
    this.#log = log;
  }

  async find(directory: string): Promise<Interpreter | undefined> {
    return findInterpreter(await this.#searchIn(directory));
  }

  /** Which one it would be, and what it has, in one line. */
  async explain(directory: string): Promise<string> {
    const interpreter = await this.find(directory);
    if (interpreter === undefined) return 'no Python was found';
    return `${shown(interpreter)} ${describe(await checkInterpreter(interpreter.path))}`;
  }

  /** Lets the user choose one, where the choice counts. */
  async select(directory: string): Promise<void> {
    await selectInterpreter(await this.#searchIn(directory));
  }

  /** One to run with; undefined when the user gives up. What is missing is said, with what helps. */
  async findReady(directory: string): Promise<Interpreter | undefined> {
    const interpreter = await this.find(directory);
    if (interpreter === undefined) {
      await this.#offer(directory, 'No Python was found, neither in the folder nor on PATH.');
      return undefined;
    }
    const check = await checkInterpreter(interpreter.path);
    this.#log.info(`Python for ${directory}: ${shown(interpreter)} ${describe(check)}`);
    return check.kind === 'ready' ? interpreter : await this.#resolveProblem(directory, interpreter, check);
  }

  /** One that runs, with or without mlflow, and its version; undefined when the user gives up. */
  async findRunning(directory: string): Promise<(Interpreter & { readonly version: string }) | undefined> {
    const interpreter = await this.find(directory);
    const check = interpreter === undefined ? undefined : await checkInterpreter(interpreter.path);
    if (interpreter !== undefined && check !== undefined && check.kind !== 'broken') return { ...interpreter, version: check.python };
    const problem = interpreter === undefined || check === undefined ? 'No Python was found' : `Python at ${shown(interpreter)} ${describe(check)}`;
    await this.#offer(directory, `${problem}.`);
    return undefined;
  }

  /** Into the environment of an interpreter; resolves to whether it went well. */
  async install(packages: readonly string[], interpreter: string, directory: string): Promise<boolean> {
    return await installPackages(packages, interpreter, directory);
  }

  async #resolveProblem(directory: string, interpreter: Interpreter, check: Exclude<InterpreterCheck, { kind: 'ready' }>): Promise<Interpreter | undefined> {
    const message = `Python at ${shown(interpreter)} ${describe(check)}.`;
    const answer = await this.#offer(directory, message, ...(check.kind === 'broken' ? [] : [install, runAnyway]));
    if (answer === install) await this.install(['mlflow'], interpreter.path, directory);
    return answer === runAnyway ? interpreter : undefined;
  }

  async #offer(directory: string, message: string, ...answers: readonly string[]): Promise<string | undefined> {
    const answer = await sayError(message, ...answers, chooseAnother);
    if (answer === chooseAnother) await this.select(directory);
    return answer;
  }

  async #searchIn(directory: string): Promise<InterpreterSearch> {
    const folder = vscode.Uri.file(directory);
    const selected = await selectedInterpreter(folder, this.#log);
    return {
      directory,
      workspaceFolder: vscode.workspace.getWorkspaceFolder(folder)?.uri.fsPath ?? directory,
      setting: readSetting('mlflow.pythonPath', folder),
      environment: userEnvironment(),
      ...(selected === undefined ? {} : { selected }),
    };
  }
}

const describe = (check: InterpreterCheck): string => {
  switch (check.kind) {
    case 'ready':
      return `has Python ${check.python} and mlflow ${check.mlflow}`;
    case 'no-mlflow':
      return `has Python ${check.python}, but no mlflow`;
    case 'broken':
      return `does not run: ${check.reason}`;
    default:
      return check satisfies never;
  }
};
