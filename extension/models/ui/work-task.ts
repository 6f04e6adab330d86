import * as vscode from 'vscode';

import { toSignal } from '../../host/abort.ts';
import { lineText } from '../../host/hostile-text.ts';
import { Disposables } from '../../shared/disposables.ts';
import { errorMessage } from '../../shared/errors.ts';

/** Says what it does line by line; aborting gives it up. */
export type Work = (say: (line: string) => void, signal: AbortSignal) => Promise<void>;

const controlC = '\u0003';
/** Longer lines are cut in the terminal. */
const longestLine = 2_000;

/** The terminal of a task whose work is ours; what ends the terminal gives the work up. */
class WorkTerminal implements vscode.Pseudoterminal {
  readonly #work: Work;
  readonly #controller = new AbortController();
  readonly #owned = new Disposables();
  readonly #written = this.#owned.own(new vscode.EventEmitter<string>());
  readonly #closed = this.#owned.own(new vscode.EventEmitter<number>());
  readonly #outcome = Promise.withResolvers<void>();

  readonly onDidWrite = this.#written.event;
  readonly onDidClose = this.#closed.event;

  constructor(work: Work) {
    this.#work = work;
  }

  /** Resolves or rejects as the work does. */
  get outcome(): Promise<void> {
    return this.#outcome.promise;
  }

  open(): void {
    void this.#run();
  }

  handleInput(data: string): void {
    if (data === controlC) this.#controller.abort();
  }

  close(): void {
    this.#controller.abort();
    this.#owned.dispose();
  }

  async #run(): Promise<void> {
    const say = (line: string): void => this.#written.fire(`${lineText(line, longestLine)}\r\n`);
    try {
      await this.#work(say, this.#controller.signal);
      this.#outcome.resolve();
      this.#closed.fire(0);
    } catch (error) {
      for (const line of errorMessage(error).split('\n')) say(line);
      this.#outcome.reject(error);
      this.#closed.fire(1);
    }
  }
}

/** Does work as a task, beside a notification with *Cancel*; resolves when it is done, rejects as it does. */
export const runAsTask = async (title: string, work: Work): Promise<void> => {
  const name = lineText(title);
  await vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title: name, cancellable: true }, async (progress, token) => {
    const terminal = new WorkTerminal(async (say, signal) => {
      const tell = (line: string): void => {
        say(line);
        progress.report({ message: lineText(line, 80) });
      };
      await work(tell, AbortSignal.any([signal, toSignal(token)]));
    });
    const task = new vscode.Task({ type: 'mlflow-work' }, vscode.TaskScope.Workspace, name, 'MLflow', new vscode.CustomExecution(async () => terminal));
    task.presentationOptions = { reveal: vscode.TaskRevealKind.Always, focus: false };
    await Promise.all([vscode.tasks.executeTask(task), terminal.outcome]);
  });
};
