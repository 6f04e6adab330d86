import { basename, dirname } from 'node:path';
import * as vscode from 'vscode';

import { formatAge } from '../../../schemas/format.ts';
import type { CommandId } from '../../host/commands.ts';
import { iconSafeText } from '../../host/hostile-text.ts';
import { Disposables, type Disposable } from '../../shared/disposables.ts';
import type { Outcome } from '../run-folder.ts';
import type { SubmittedRun } from '../submitted-run.ts';
import type { SubmittedRuns } from '../submitted-runs.ts';
import { LensQuestions } from '../../host/lens-questions.ts';
import { toRunItem } from './run-item.ts';

const language = 'mlproject';

/** `Run | Run with… | last: finished 3 m ago` above each entry point; while it runs, how to stop it. */
class RunLenses implements vscode.CodeLensProvider, Disposable {
  readonly #runs: SubmittedRuns;
  readonly #owned = new Disposables();
  readonly #changed = this.#owned.own(new vscode.EventEmitter<void>());
  readonly #questions = this.#owned.own(new LensQuestions(language, () => this.#changed.fire()));

  readonly onDidChangeCodeLenses = this.#changed.event;

  constructor(runs: SubmittedRuns) {
    this.#runs = runs;
    this.#owned.own(runs.onDidChange(() => this.#changed.fire()));
  }

  dispose(): void {
    this.#owned.dispose();
  }

  async provideCodeLenses(document: vscode.TextDocument): Promise<vscode.CodeLens[]> {
    this.#questions.wasAsked(document);
    const { readMlproject } = await import('../../../schemas/mlproject.ts');
    const projectFile = document.uri.fsPath;
    return readMlproject(document.getText()).value.entryPoints.flatMap(({ name, span }) => {
      const range = new vscode.Range(document.positionAt(span.start), document.positionAt(span.end));
      const commands = commandsFor(dirname(projectFile), name, this.#newestRun(dirname(projectFile), name));
      return commands.map((command) => new vscode.CodeLens(range, command));
    });
  }

  #newestRun(directory: string, entryPoint: string): SubmittedRun | undefined {
    return this.#runs.all.find(({ plan }) => plan.directory === directory && plan.entryPoint.name === entryPoint);
  }
}

const commandsFor = (directory: string, entryPoint: string, run: SubmittedRun | undefined): readonly vscode.Command[] => {
  const reference = { uri: directory, entryPoint };
  return [
    command('mlflow.projects.runEntryPoint', '$(play) Run', reference, `Run ${entryPoint} of ${basename(directory)}`),
    command('mlflow.projects.runEntryPointWith', 'Run with…', reference, 'Choose parameters and experiment first'),
    command('mlflow.projects.debugEntryPoint', 'Debug', reference, `Run ${entryPoint} with its Python under a debugger`),
    ...(run === undefined ? [] : runCommands(run)),
  ];
};

const runCommands = (run: SubmittedRun): readonly vscode.Command[] => {
  const item = toRunItem(run);
  const { state } = run;
  if (state.phase === 'ended') {
    const text = `last: ${outcomeText(state.outcome)}, ${formatAge(state.endTime, Date.now())}`;
    return [command('mlflow.projects.showRunOutput', text, item, `Show the output of ${run.plan.runName}`)];
  }
  return [
    command('mlflow.projects.showRunOutput', `$(sync~spin) ${iconSafeText(run.plan.runName, 40)}`, item, 'Show its output'),
    ...(state.phase === 'stopping' ? [] : [command('mlflow.projects.stopRun', '$(debug-stop) Stop', item, `Stop ${run.plan.runName}`)]),
  ];
};

const command = (id: CommandId, title: string, argument: object, tooltip: string): vscode.Command => ({ command: id, title, tooltip, arguments: [argument] });

const outcomeText = ({ status }: Outcome): string => {
  switch (status) {
    case 'FINISHED':
      return 'finished';
    case 'FAILED':
      return 'failed';
    case 'KILLED':
      return 'stopped';
    default:
      return status satisfies never;
  }
};

export const registerRunLenses = (runs: SubmittedRuns): Disposable => {
  const owned = new Disposables();
  const lenses = owned.own(new RunLenses(runs));
  owned.own(vscode.languages.registerCodeLensProvider({ language, scheme: 'file' }, lenses));
  return owned;
};
