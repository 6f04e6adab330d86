import type { ReadonlySignal } from '@preact/signals';
import type { RunPlace, RunProtocol, RunSurroundings, ShownRun } from '../../schemas/run-protocol.ts';
import type { Announcer } from '../shared/announcer.tsx';
import type { HostClient } from '../shared/host.ts';
import type { Theme } from '../shared/theme.ts';

type Requests = RunProtocol['requests'];

/** A change that can be taken back. */
export interface Change {
  /** What was done, in a sentence. */
  readonly text: string;
  undo(): Promise<unknown>;
}

/** What every part of the page needs. */
export interface RunPage {
  readonly host: HostClient<RunProtocol>;
  /** Undefined until it has been read. */
  readonly run: ReadonlySignal<ShownRun | undefined>;
  readonly surroundings: ReadonlySignal<RunSurroundings | undefined>;
  readonly place: ReadonlySignal<RunPlace | undefined>;
  /** Whether the run can be written: it is there, and its store is not read-only. */
  readonly canEdit: ReadonlySignal<boolean>;
  /** Why the run cannot be read. */
  readonly readFailure: ReadonlySignal<{ readonly message: string; readonly isGone: boolean } | undefined>;
  /** What a person has asked for and the host could not do. */
  readonly failure: ReadonlySignal<string | undefined>;
  /** The last change that can be taken back. */
  readonly lastChange: ReadonlySignal<Change | undefined>;
  /** ms since the epoch; it ticks every second while the run goes on. */
  readonly now: ReadonlySignal<number>;
  readonly theme: ReadonlySignal<Theme>;
  readonly announcer: Announcer;
  readonly tab: ReadonlySignal<string>;
  /** What tabs keep for the next restart, by the tab's id. */
  readonly kept: ReadonlySignal<Readonly<Record<string, unknown>>>;
  keep(tab: string, state: unknown): void;
  showTab(id: string): void;
  /** Asks the host for something to be done; what fails is told on the page. Resolves to whether it was done. */
  ask<Method extends keyof Requests>(method: Method, params: Requests[Method]['params']): Promise<boolean>;
  /** Tells of a change that has been made, with *Undo*. */
  changed(change: Change): void;
  undo(): void;
  report(error: unknown): void;
  dismiss(): void;
  copy(text: string, what: string): void;
  dispose(): void;
}
