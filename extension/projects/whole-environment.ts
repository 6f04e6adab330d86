import { existsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';

import { withLock } from './environment-lock.ts';

export interface NamedEnvironment {
  /** Path of the files beside it that say how far it is. */
  readonly base: string;
  /** For people. */
  readonly name: string;
  exists(): Promise<boolean>;
  create(): Promise<void>;
  remove(): Promise<void>;
}

interface Teller {
  readonly say: (line: string) => void;
  readonly stop: AbortSignal;
}

/**
 * Makes an environment unless it is there. A file beside it says that it is not whole yet: what is found with
 * it, after a crash, is made anew. Rejects with the reason.
 */
export const ensureWhole = async ({ base, name, exists, create, remove }: NamedEnvironment, { say, stop }: Teller): Promise<void> => {
  const incomplete = `${base}.incomplete`;
  const make = async (): Promise<void> => {
    if (existsSync(incomplete)) await remove();
    if (await exists()) return say(`=== Environment ${name} already exists ===`);
    await writeFile(incomplete, '');
    try {
      await create();
    } catch (error) {
      // What cannot be removed now stays marked.
      await remove().then(
        async () => await rm(incomplete, { force: true }),
        () => {},
      );
      throw error;
    }
  };
  const onWait = (): void => say(`=== Waiting for another run that makes the environment ${name} ===`);
  await withLock(`${base}.lock`, async () => await make().then(async () => await rm(incomplete, { force: true })), { onWait, signal: stop });
};
