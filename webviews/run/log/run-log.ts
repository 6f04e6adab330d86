import { signal, type ReadonlySignal } from '@preact/signals';
import type { LogSource, LogText } from '../../../schemas/run-log-protocol.ts';
import type { RunPage } from '../page.ts';

/** What the tab *Log* knows. */
export interface ShownLog {
  /** Undefined until they are known. */
  readonly sources: ReadonlySignal<readonly LogSource[] | undefined>;
  readonly source: ReadonlySignal<LogSource | undefined>;
  /** Of the source that is shown. */
  readonly text: ReadonlySignal<LogText | undefined>;
  readonly failure: ReadonlySignal<string | undefined>;
  /** The tab is shown, until what it returns is called. */
  show(): () => void;
  choose(name: string): void;
  /** Reads a logged text again: nobody tells when it has grown. */
  readAgain(): void;
}

export const createRunLog = (page: RunPage): ShownLog => {
  const sources = signal<readonly LogSource[]>();
  const source = signal<LogSource>();
  const text = signal<LogText>();
  const failure = signal<string>();
  page.host.on('logText', (told) => {
    if (told.source === source.peek()?.name) text.value = told;
  });
  const attempt = async (work: () => Promise<unknown>): Promise<void> => {
    try {
      await work();
      failure.value = undefined;
    } catch (error) {
      failure.value = error instanceof Error ? error.message : String(error);
    }
  };
  const follow = (chosen: LogSource | undefined): void => void attempt(async () => await page.host.request('followLog', chosen ?? null));
  const choose = (chosen: LogSource | undefined): void => {
    if (chosen?.name !== source.peek()?.name) text.value = undefined;
    source.value = chosen;
    follow(chosen);
  };
  const load = async (): Promise<void> => {
    const found = await page.host.request('logSources', null);
    sources.value = found;
    choose(found.find(({ name }) => name === source.peek()?.name) ?? found[0]);
  };
  return {
    sources,
    source,
    text,
    failure,
    show: () => {
      void attempt(load);
      return () => follow(undefined);
    },
    choose: (name) => choose(sources.peek()?.find((each) => each.name === name)),
    readAgain: () => {
      if (source.peek()?.kind !== 'output') void attempt(load);
    },
  };
};
