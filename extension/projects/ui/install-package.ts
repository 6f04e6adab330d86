import * as vscode from 'vscode';

import { findProgram } from '../../shared/interpreter.ts';
import { run, userEnvironment } from '../../shared/process.ts';

/** Installs packages into an interpreter's environment, in a terminal that shows how it goes; resolves to whether it went well. */
export const installPackages = async (names: readonly string[], interpreter: string, directory: string): Promise<boolean> => {
  const [program, ...args] = await installCommand(names, interpreter);
  const execution = new vscode.ProcessExecution(program, args, { cwd: directory });
  const task = new vscode.Task({ type: 'process' }, vscode.TaskScope.Workspace, `Install ${names.join(', ')}`, 'MLflow', execution);
  task.presentationOptions = { reveal: vscode.TaskRevealKind.Always, focus: false };
  return (await endOf(task)) === 0;
};

/** Undefined when somebody has closed its terminal. */
const endOf = async (task: vscode.Task): Promise<number | undefined> => {
  const { promise, resolve } = Promise.withResolvers<number | undefined>();
  const started = vscode.tasks.executeTask(task);
  const ending = vscode.tasks.onDidEndTaskProcess(async ({ execution, exitCode }) => {
    if (execution === (await started)) resolve(exitCode);
  });
  try {
    await started;
    return await promise;
  } finally {
    ending.dispose();
  }
};

/** Environments that uv makes have no pip. */
const installCommand = async (names: readonly string[], interpreter: string): Promise<readonly [string, ...string[]]> => {
  const withPip = [interpreter, '-m', 'pip', 'install', ...names] as const;
  const uv = findProgram('uv', userEnvironment());
  if (uv === undefined) return withPip;
  const { code } = await run({ file: interpreter, args: ['-m', 'pip', '--version'] });
  return code === 0 ? withPip : [uv, 'pip', 'install', '--python', interpreter, ...names];
};
