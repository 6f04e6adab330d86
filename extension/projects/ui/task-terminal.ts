import * as vscode from 'vscode';

import { Disposables } from '../../shared/disposables.ts';
import { errorMessage } from '../../shared/errors.ts';
import type { SubmittedRun } from '../submitted-run.ts';
import { RunTerminal } from './run-terminal.ts';

/** The terminal of a task: its run starts when it opens and is stopped when the task is terminated. */
export class TaskTerminal implements vscode.Pseudoterminal {
  readonly #launch: () => Promise<SubmittedRun | undefined>;
  readonly #stop: (run: SubmittedRun) => void;
  readonly #owned = new Disposables();
  readonly #written = this.#owned.own(new vscode.EventEmitter<string>());
  readonly #closed = this.#owned.own(new vscode.EventEmitter<number>());
  #terminal: RunTerminal | undefined;
  #run: SubmittedRun | undefined;
  #isClosed = false;

  readonly onDidWrite = this.#written.event;
  readonly onDidClose = this.#closed.event;

  constructor(launch: () => Promise<SubmittedRun | undefined>, stop: (run: SubmittedRun) => void) {
    this.#launch = launch;
    this.#stop = stop;
  }

  open(): void {
    void this.#start();
  }

  handleInput(data: string): void {
    this.#terminal?.handleInput(data);
  }

  close(): void {
    this.#isClosed = true;
    this.#terminal?.close();
    if (this.#run?.hasEnded === false) this.#stop(this.#run);
    this.#owned.dispose();
  }

  async #start(): Promise<void> {
    try {
      this.#run = await this.#launch();
    } catch (error) {
      this.#written.fire(`\u001B[31m${errorMessage(error).replaceAll('\n', '\r\n')}\u001B[0m\r\n`);
    }
    if (this.#run === undefined) this.#closed.fire(1);
    else if (this.#isClosed) this.#stop(this.#run);
    else this.#follow(this.#run);
  }

  #follow(run: SubmittedRun): void {
    const terminal = new RunTerminal(run, 'at the end');
    this.#terminal = terminal;
    this.#owned.own(terminal.onDidWrite((text) => this.#written.fire(text)));
    this.#owned.own(terminal.onDidClose((code) => this.#closed.fire(code)));
    terminal.open();
  }
}
