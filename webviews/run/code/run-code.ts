import { signal, type ReadonlySignal } from '@preact/signals';
import type { EnvironmentComparison, RunCode } from '../../../schemas/run-code-protocol.ts';
import type { RunPage } from '../page.ts';

/** What the tab *Code & environment* knows. */
export interface ShownCode {
  /** Undefined until it has been read. */
  readonly read: ReadonlySignal<RunCode | undefined>;
  /** Why it could not be. */
  readonly failure: ReadonlySignal<string | undefined>;
  readonly comparison: ReadonlySignal<EnvironmentComparison | undefined>;
  /** Asking what a Python has installed takes seconds. */
  readonly isComparing: ReadonlySignal<boolean>;
  /** Reads it unless it is there. */
  need(): void;
  compare(other: 'interpreter' | 'run'): void;
}

export const createRunCode = (page: RunPage): ShownCode => {
  const read = signal<RunCode>();
  const failure = signal<string>();
  const comparison = signal<EnvironmentComparison>();
  const isComparing = signal(false);
  const load = async (): Promise<void> => {
    failure.value = undefined;
    try {
      read.value = await page.host.request('readCode', null);
    } catch (error) {
      failure.value = error instanceof Error ? error.message : String(error);
    }
  };
  const compareWith = async (other: 'interpreter' | 'run'): Promise<void> => {
    isComparing.value = true;
    try {
      const found = await page.host.request('compareEnvironment', { with: other });
      if (found !== null) comparison.value = found;
      if (found !== null) page.announcer.say(`${found.changes.length} packages differ from ${found.other}`);
    } catch (error) {
      page.report(error);
    } finally {
      isComparing.value = false;
    }
  };
  return {
    read,
    failure,
    comparison,
    isComparing,
    need: () => {
      if (read.peek() === undefined) void load();
    },
    compare: (other) => {
      if (!isComparing.peek()) void compareWith(other);
    },
  };
};
