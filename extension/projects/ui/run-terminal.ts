import { StringDecoder } from 'node:string_decoder';
import * as vscode from 'vscode';

import { formatDuration } from '../../../schemas/format.ts';
import { lineText } from '../../host/hostile-text.ts';
import { Disposables, type Disposable } from '../../shared/disposables.ts';
import { followFile, type FollowedFile } from '../../shared/follow-file.ts';
import type { EndedState } from '../run-folder.ts';
import type { SubmittedRun } from '../submitted-run.ts';
import { TerminalText } from '../terminal-text.ts';

const controlC = '\u0003';

/** Shows what a run prints; Ctrl-C stops the run. Closing the terminal does not. */
export class RunTerminal implements vscode.Pseudoterminal {
  readonly #run: SubmittedRun;
  readonly #closes: 'on a key' | 'at the end';
  readonly #owned = new Disposables();
  readonly #written = this.#owned.own(new vscode.EventEmitter<string>());
  readonly #closed = this.#owned.own(new vscode.EventEmitter<number>());
  readonly #text = new TerminalText();
  readonly #decoder = new StringDecoder('utf8');
  #file: FollowedFile | undefined;

  readonly onDidWrite = this.#written.event;
  readonly onDidClose = this.#closed.event;

  constructor(run: SubmittedRun, closes: 'on a key' | 'at the end') {
    this.#run = run;
    this.#closes = closes;
  }

  open(): void {
    this.#file = this.#owned.own(
      followFile(this.#run.folder.outputFile, {
        onData: (chunk) => this.#written.fire(this.#text.push(this.#decoder.write(chunk))),
        onSkipped: (bytes) => this.#note(`${bytes.toLocaleString('en-US')} bytes are not shown here; all of it is in ${this.#run.folder.outputFile}`),
      }),
    );
    this.#owned.own(this.#run.onDidChange(() => void this.#showEnd()));
    void this.#showEnd();
  }

  handleInput(data: string): void {
    if (this.#run.hasEnded) this.#closed.fire(0);
    else if (data === controlC) this.#run.stop();
  }

  close(): void {
    this.#owned.dispose();
  }

  async #showEnd(): Promise<void> {
    const { state } = this.#run;
    const file = this.#file;
    if (state.phase !== 'ended' || file === undefined) return;
    this.#file = undefined;
    await file.finish();
    const end = `${endText(state)} after ${formatDuration(state.endTime - this.#run.plan.startTime)}.`;
    this.#note(this.#closes === 'on a key' ? `${end} Press any key to close the terminal.` : end);
    if (this.#closes === 'at the end') this.#closed.fire(state.outcome.status === 'FINISHED' ? 0 : 1);
  }

  #note(text: string): void {
    this.#written.fire(`\u001B[0m\r\n\u001B[2m${text}\u001B[0m\r\n`);
  }
}

const endText = ({ outcome }: EndedState): string => {
  switch (outcome.status) {
    case 'FINISHED':
      return 'Finished';
    case 'FAILED':
      return 'Failed';
    case 'KILLED':
      return 'Stopped';
    default:
      return outcome satisfies never;
  }
};

/** One terminal for each run, made when it is first shown. */
export class RunTerminals implements Disposable {
  readonly #terminals = new Map<SubmittedRun, vscode.Terminal>();
  readonly #closing: vscode.Disposable;

  constructor() {
    this.#closing = vscode.window.onDidCloseTerminal((closed) => {
      for (const [run, terminal] of this.#terminals) if (terminal === closed) this.#terminals.delete(run);
    });
  }

  show(run: SubmittedRun): void {
    const terminal = this.#terminals.get(run) ?? this.#create(run);
    terminal.show(true);
  }

  /** In the list of terminals, without taking the place of what is shown. */
  list(run: SubmittedRun): void {
    if (!this.#terminals.has(run)) this.#create(run);
  }

  dispose(): void {
    this.#closing.dispose();
    for (const terminal of this.#terminals.values()) terminal.dispose();
  }

  #create(run: SubmittedRun): vscode.Terminal {
    const { entryPoint, runName } = run.plan;
    const terminal = vscode.window.createTerminal({
      name: lineText(`${entryPoint.name}: ${runName}`, 60),
      pty: new RunTerminal(run, 'on a key'),
      iconPath: new vscode.ThemeIcon('beaker'),
      isTransient: true,
    });
    this.#terminals.set(run, terminal);
    return terminal;
  }
}
