import { createInterface } from 'node:readline';

/** What the starter of this process says to it: lines, and by the end of them that it is gone. */
export class StandardInput {
  readonly #lines = createInterface({ input: process.stdin });
  /** Empty when there is none. */
  readonly firstLine = new Promise<string>((resolve) => this.#lines.once('line', resolve).once('close', () => resolve('')));
  readonly ended = new Promise<void>((resolve) => this.#lines.once('close', resolve));

  /** Else it would keep this process alive. */
  close(): void {
    this.#lines.close();
    process.stdin.destroy();
  }
}
