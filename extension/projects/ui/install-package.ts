import * as vscode from 'vscode';

import { run, userEnvironment } from '../../shared/process.ts';
import { findProgram } from '../interpreter.ts';

/** Installs a package into an interpreter's environment, in a terminal that shows how it goes. */
export const installPackage = async (name: 'mlflow' | 'debugpy', interpreter: string, directory: string): Promise<void> => {
  const [program, ...args] = await installCommand(name, interpreter);
  const execution = new vscode.ProcessExecution(program, args, { cwd: directory });
  const task = new vscode.Task({ type: 'process' }, vscode.TaskScope.Workspace, `Install ${name}`, 'MLflow', execution);
  task.presentationOptions = { reveal: vscode.TaskRevealKind.Always, focus: false };
  await vscode.tasks.executeTask(task);
};

/** Environments that uv makes have no pip. */
const installCommand = async (name: string, interpreter: string): Promise<readonly [string, ...string[]]> => {
  const withPip = [interpreter, '-m', 'pip', 'install', name] as const;
  const uv = findProgram('uv', userEnvironment());
  if (uv === undefined) return withPip;
  const { code } = await run({ file: interpreter, args: ['-m', 'pip', '--version'] });
  return code === 0 ? withPip : [uv, 'pip', 'install', '--python', interpreter, name];
};
