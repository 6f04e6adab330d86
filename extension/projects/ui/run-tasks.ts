import { relative } from 'node:path';
import * as vscode from 'vscode';

import { readRunTask, toRunTask } from '../../../schemas/run-task.ts';
import { plainChoices } from '../../../schemas/run-choices.ts';
import { MlflowError } from '../../shared/errors.ts';
import { Disposables, type Disposable } from '../../shared/disposables.ts';
import type { SubmittedRun } from '../submitted-run.ts';
import type { StartOptions } from './start-run.ts';
import { TaskTerminal } from './task-terminal.ts';
import { findProjects, isReadable, type WorkspaceProject } from './workspace-projects.ts';

const type = 'mlflow';
/** Python marks the place in a line since 3.11; both kinds of traceback are found. */
const problemMatchers = ['$mlflow-python', '$mlflow-python-marked'];

type Definition = Readonly<Record<string, unknown>>;

/** ms: a window that goes closes its terminals, too, and is gone before; then the run goes on. */
const patience = 1_500;

interface TaskOptions extends StartOptions {
  readonly stop: (run: SubmittedRun) => void;
}

/** Tasks of type `mlflow`: those of tasks.json, and one for each entry point of the workspace. */
export const registerRunTasks = (start: StartOptions): Disposable => {
  const owned = new Disposables();
  const options = { ...start, stop: createDelayedStop(owned) };
  owned.own(
    vscode.tasks.registerTaskProvider(type, {
      provideTasks: async () => (vscode.workspace.isTrusted ? (await findProjects()).filter(isReadable).flatMap((found) => tasksOf(found, options)) : []),
      resolveTask: (task) => toTask({ definition: task.definition, scope: task.scope, name: task.name }, options),
    }),
  );
  return owned;
};

/** A task that is terminated and a window that goes look the same to its terminal: whoever lives on a moment later tells. */
const createDelayedStop = (owned: Disposables): TaskOptions['stop'] => {
  const timers = new Set<NodeJS.Timeout>();
  owned.own({ dispose: () => timers.forEach(clearTimeout) });
  return (run) => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      run.stop();
    }, patience);
    timers.add(timer);
  };
};

const tasksOf = ({ project, workspaceFolder, label }: WorkspaceProject, options: TaskOptions): readonly vscode.Task[] => {
  const below = relative(workspaceFolder.uri.fsPath, project.directory);
  return project.entryPoints.map(({ name }) => {
    const definition = toRunTask({ project: below === '' ? '.' : below, entryPoint: name, choices: plainChoices });
    return toTask({ definition: { ...definition }, scope: workspaceFolder, name: below === '' ? name : `${label}: ${name}` }, options);
  });
};

interface TaskParts {
  readonly definition: vscode.TaskDefinition;
  readonly scope: vscode.Task['scope'];
  readonly name: string;
}

const toTask = ({ definition, scope, name }: TaskParts, options: TaskOptions): vscode.Task => {
  const execution = new vscode.CustomExecution(async (resolved) => new TaskTerminal(async () => await launch(resolved, scope, options), options.stop));
  return new vscode.Task(definition, scope ?? vscode.TaskScope.Workspace, name, 'MLflow', execution, problemMatchers);
};

/** Undefined when given up. A task asks for no values: what is missing is an error. */
const launch = async (definition: Definition, scope: vscode.Task['scope'], options: StartOptions): Promise<SubmittedRun | undefined> => {
  const [{ openPlace, pickWorkspaceFolder }, { entryPointOf, requireTrust, startRun }] = await Promise.all([
    import('./open-place.ts'),
    import('./start-run.ts'),
  ]);
  requireTrust();
  const start = readRunTask(definition);
  if ('problem' in start) throw new MlflowError('INVALID_PARAMETER_VALUE', `This task cannot be run: ${start.problem}`);
  const workspaceFolder = typeof scope === 'object' ? scope : await pickWorkspaceFolder();
  if (workspaceFolder === undefined) return undefined;
  const { project, version, entryPoint, choices } = start;
  const found = await openPlace({ uri: project, ...(version !== undefined && { version }) }, workspaceFolder, options);
  return await startRun({ found, entryPoint: entryPointOf(found.project, entryPoint), choices }, options);
};
