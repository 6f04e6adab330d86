import * as vscode from 'vscode';

import { run, userEnvironment } from '../../shared/process.ts';
import { findProgram } from '../interpreter.ts';

/** Installs mlflow into an interpreter's environment, in a terminal that shows how it goes. */
export const installMlflow = async (interpreter: string, directory: string): Promise<void> => {
  const [program, ...args] = await installCommand(interpreter);
  const execution = new vscode.ProcessExecution(program, args, { cwd: directory });
  const task = new vscode.Task({ type: 'process' }, vscode.TaskScope.Workspace, 'Install mlflow', 'MLflow', execution);
  task.presentationOptions = { reveal: vscode.TaskRevealKind.Always, focus: false };
  await vscode.tasks.executeTask(task);
};

/** Environments that uv makes have no pip. */
const installCommand = async (interpreter: string): Promise<readonly [string, ...string[]]> => {
  const withPip = [interpreter, '-m', 'pip', 'install', 'mlflow'] as const;
  const uv = findProgram('uv', userEnvironment());
  if (uv === undefined) return withPip;
  const { code } = await run({ file: interpreter, args: ['-m', 'pip', '--version'] });
  return code === 0 ? withPip : [uv, 'pip', 'install', '--python', interpreter, 'mlflow'];
};
