import type * as vscode from 'vscode';

import type { Param } from '../../tracking/run.ts';
import type { EntryPoint } from '../entry-point.ts';
import type { GivenValues } from '../parameters.ts';

/** How an entry point was last started. */
interface Remembered {
  /** Only what differed from the defaults. */
  readonly values: readonly Param[];
  readonly experiment?: string;
}

/** What was last given to each entry point of the workspace. */
export class RunMemory {
  readonly #memento: vscode.Memento;

  constructor(memento: vscode.Memento) {
    this.#memento = memento;
  }

  /** Of parameters that the entry point still has, and of undeclared ones. */
  valuesOf(directory: string, entryPoint: EntryPoint): GivenValues {
    const { values = [] } = this.#read(directory, entryPoint.name) ?? {};
    return new Map(values.map(({ key, value }) => [key, value]));
  }

  experimentOf(directory: string, entryPoint: EntryPoint): string | undefined {
    return this.#read(directory, entryPoint.name)?.experiment;
  }

  async remember(
    directory: string,
    entryPoint: EntryPoint,
    { values, experiment }: { readonly values: GivenValues; readonly experiment: string | undefined },
  ): Promise<void> {
    const remembered: Remembered = { values: [...values].map(([key, value]) => ({ key, value })), ...(experiment === undefined ? {} : { experiment }) };
    await this.#memento.update(keyOf(directory, entryPoint.name), remembered);
  }

  #read(directory: string, entryPoint: string): Remembered | undefined {
    return this.#memento.get<Remembered>(keyOf(directory, entryPoint));
  }
}

const keyOf = (directory: string, entryPoint: string): string => `mlflow.projects.last:${JSON.stringify([directory, entryPoint])}`;
