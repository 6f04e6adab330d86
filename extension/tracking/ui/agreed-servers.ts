import type * as vscode from 'vscode';

import { lineText } from '../../host/hostile-text.ts';
import { sayInformation } from '../../host/messages.ts';
import type { Disposable } from '../../shared/disposables.ts';
import { Emitter } from '../../shared/emitter.ts';

const key = 'mlflow.serversOfPrograms';

/** Which servers the programs of a folder may log to. Kept by the window: a workspace cannot bring an agreement with it. */
export class AgreedServers implements Disposable {
  readonly #memento: vscode.Memento;
  readonly #changed = new Emitter<void>();
  readonly #asked = new Set<string>();

  readonly onDidChange = this.#changed.event;

  constructor(memento: vscode.Memento) {
    this.#memento = memento;
  }

  /** Undefined: nobody was asked, or has answered. */
  answerFor(folder: string, url: string): boolean | undefined {
    return this.#all[keyOf(folder, url)];
  }

  async setAnswer(folder: string, url: string, answer: boolean): Promise<void> {
    await this.#memento.update(key, { ...this.#all, [keyOf(folder, url)]: answer });
    this.#changed.fire();
  }

  /** One question, once: whoever closes it is left alone until the window is opened again. */
  async ask({ name, uri }: vscode.WorkspaceFolder, url: string): Promise<void> {
    const folder = uri.fsPath;
    if (this.answerFor(folder, url) !== undefined || this.#asked.has(keyOf(folder, url))) return;
    this.#asked.add(keyOf(folder, url));
    const question = `Let programs that are started in ${lineText(name, 60)} (terminals, tasks, debug sessions) log to ${lineText(url)}?`;
    const answer = await sayInformation(question, logThere, dont);
    if (answer !== undefined) await this.setAnswer(folder, url, answer === logThere);
  }

  dispose(): void {
    this.#changed.dispose();
  }

  get #all(): Readonly<Record<string, boolean>> {
    return this.#memento.get(key, {});
  }
}

const logThere = 'Log There';
const dont = "Don't";

const keyOf = (folder: string, url: string): string => JSON.stringify([folder, url]);
