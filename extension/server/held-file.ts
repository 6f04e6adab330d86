import { performance } from 'node:perf_hooks';

import { MlflowError } from '../shared/errors.ts';
import { identifyFile } from './store-file.ts';

/** ms between two looks whether the path still names the file that is open. */
const lookInterval = 500;

/** What has become of a file that is open: another one has its name, or somebody has removed its write-ahead log. */
export type FileFate = 'kept' | 'replaced' | 'without its log';

/** The file that a connection has open, by its path: whether that still names it. */
export class HeldFile {
  readonly #path: string;
  /** The one that is open; undefined: it is not trusted, and to be opened anew. */
  #held: string | undefined;
  /** The one that has the path. */
  #seen: string | undefined;
  /** The write-ahead log, once there is one. */
  #log: string | undefined;
  #nextLook = 0;

  constructor(path: string) {
    this.#path = path;
    this.#held = identifyFile(path);
    this.#seen = this.#held;
  }

  /** Twice a second at most; a file that was moved away would silently take writes that nobody finds, and is an error. */
  look(): FileFate {
    const now = performance.now();
    if (now < this.#nextLook) return 'kept';
    this.#seen = identifyFile(this.#path);
    if (this.#seen === undefined) throw new MlflowError('RESOURCE_DOES_NOT_EXIST', `${this.#path} is gone: it was moved or removed while it was open`);
    this.#nextLook = now + lookInterval;
    const log = identifyFile(`${this.#path}-wal`);
    const isLogGone = this.#log !== undefined && this.#log !== log;
    this.#log = log;
    if (this.#seen !== this.#held) return 'replaced';
    return isLogGone ? 'without its log' : 'kept';
  }

  /** After an error of the device the cached pages may not be what is on the disk. */
  distrust(): void {
    this.#held = undefined;
    this.#nextLook = 0;
  }

  /** When that fails the next look tries again. */
  openAnew(open: () => void): void {
    this.#held = undefined;
    open();
    this.#held = this.#seen;
    this.#log = undefined;
  }
}
