import { type Disposable, Disposables } from '../shared/disposables.ts';
import { MlflowError } from '../shared/errors.ts';
import type { CommandId, RegisterCommand } from './commands.ts';

/** What is made when it is first needed, by code that is loaded no earlier. When that fails, whoever needs it next tries again. */
export class OnDemand<T extends Disposable> implements Disposable {
  readonly #make: () => Promise<T>;
  readonly #owned = new Disposables();
  #made: Promise<T> | undefined;

  constructor(make: () => Promise<T>) {
    this.#make = make;
  }

  async get(): Promise<T> {
    this.#made ??= this.#makeOnce();
    return await this.#made;
  }

  /** Goes with it, whether it was made or not. */
  own(item: Disposable): void {
    this.#owned.own(item);
  }

  /** Also of what is still being made. */
  dispose(): void {
    this.#owned.dispose();
  }

  async #makeOnce(): Promise<T> {
    try {
      return this.#owned.own(await this.#make());
    } catch (error) {
      this.#made = undefined;
      throw error;
    }
  }
}

type Run = (...args: never) => unknown;

/** Commands of a part that is loaded with the first call of one of them; `ids` are those that it registers then. */
export const registerOnDemand = <T extends Disposable>(
  register: RegisterCommand,
  ids: readonly CommandId[],
  load: (register: RegisterCommand) => Promise<T>,
): OnDemand<T> => {
  const runs = new Map<CommandId, Run>();
  const keep: RegisterCommand = (id, run) => {
    runs.set(id, run);
    return { dispose: () => runs.delete(id) };
  };
  const part = new OnDemand(async () => await load(keep));
  const call = async (id: CommandId, args: readonly unknown[]): Promise<void> => {
    await part.get();
    const run = runs.get(id);
    if (run === undefined) throw new MlflowError('INTERNAL_ERROR', `No part of the extension has the command '${id}'`);
    await run(...(args as never));
  };
  for (const id of ids) part.own(register(id, async (...args: readonly unknown[]) => await call(id, args)));
  return part;
};
