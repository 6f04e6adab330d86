import type * as vscode from 'vscode';

import { plainChoices, type NamedText, type RunChoices } from '../../../schemas/run-choices.ts';
import type { EntryPointReference } from '../../host/commands.ts';

/** Starts of one entry point that are kept. */
const keptStarts = 10;

const lastKey = 'mlflow.projects.lastEntryPoint';

/** What was given to each entry point of the workspace. */
export class RunMemory {
  readonly #memento: vscode.Memento;

  constructor(memento: vscode.Memento) {
    this.#memento = memento;
  }

  /** The entry point that was started last. */
  get last(): EntryPointReference | undefined {
    return this.#memento.get<EntryPointReference>(lastKey);
  }

  /** The newest first, each of them once. */
  historyOf(reference: EntryPointReference): readonly RunChoices[] {
    return this.#memento.get<readonly RunChoices[]>(keyOf(reference)) ?? [];
  }

  /** How it was started last, without the name that the run had; nothing but the defaults when it never was. */
  choicesOf(reference: EntryPointReference): RunChoices {
    const { runName: _, ...choices } = this.historyOf(reference)[0] ?? plainChoices;
    return choices;
  }

  async remember(reference: EntryPointReference, choices: RunChoices): Promise<void> {
    const { uri, version, entryPoint } = reference;
    const kept: RunChoices = { ...choices, variables: choices.variables.filter(isNoSecret) };
    const earlier = this.historyOf(reference).filter((each) => JSON.stringify(each) !== JSON.stringify(kept));
    await this.#memento.update(keyOf(reference), [kept, ...earlier].slice(0, keptStarts));
    await this.#memento.update(lastKey, { uri, entryPoint, ...(version !== undefined && { version }) } satisfies EntryPointReference);
  }

  /** Whether exactly these means of a project were agreed to. */
  isAgreed(directory: string, means: readonly string[]): boolean {
    return this.#memento.get<string>(agreedKey(directory)) === JSON.stringify(means);
  }

  async agree(directory: string, means: readonly string[]): Promise<void> {
    await this.#memento.update(agreedKey(directory), JSON.stringify(means));
  }
}

/** The memento is a plain file. */
const isNoSecret = ({ key }: NamedText): boolean => !/token|secret|passw|key|credential/i.test(key);

const keyOf = ({ uri, version = '', entryPoint }: EntryPointReference): string => `mlflow.projects.starts:${JSON.stringify([uri, version, entryPoint])}`;

const agreedKey = (directory: string): string => `mlflow.projects.agreed:${directory}`;
