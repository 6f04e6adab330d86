import type * as vscode from 'vscode';

import type { Param } from '../../tracking/run.ts';
import type { EntryPoint } from '../entry-point.ts';
import type { GivenValues } from '../parameters.ts';
import type { EnvironmentManager } from './pick-manager.ts';

/** How an entry point was last started. */
interface Remembered {
  /** Only what differed from the defaults. */
  readonly values: readonly Param[];
  readonly experiment?: string;
  readonly manager?: EnvironmentManager;
}

export interface StartChoices {
  readonly values: GivenValues;
  readonly experiment: string | undefined;
  readonly manager: EnvironmentManager;
}

/** What was last given to each entry point of the workspace. */
export class RunMemory {
  readonly #memento: vscode.Memento;

  constructor(memento: vscode.Memento) {
    this.#memento = memento;
  }

  /** Nothing but the defaults when it was never started. */
  choicesOf(directory: string, entryPoint: EntryPoint): StartChoices {
    const { values = [], experiment, manager = 'local' } = this.#read(directory, entryPoint.name) ?? {};
    return { values: new Map(values.map(({ key, value }) => [key, value])), experiment, manager };
  }

  async remember(directory: string, entryPoint: EntryPoint, { values, experiment, manager }: StartChoices): Promise<void> {
    const remembered: Remembered = {
      values: [...values].map(([key, value]) => ({ key, value })),
      manager,
      ...(experiment === undefined ? {} : { experiment }),
    };
    await this.#memento.update(keyOf(directory, entryPoint.name), remembered);
  }

  #read(directory: string, entryPoint: string): Remembered | undefined {
    return this.#memento.get<Remembered>(keyOf(directory, entryPoint));
  }
}

const keyOf = (directory: string, entryPoint: string): string => `mlflow.projects.last:${JSON.stringify([directory, entryPoint])}`;
