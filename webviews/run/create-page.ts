import { batch, computed, effect, signal, type ReadonlySignal } from '@preact/signals';
import { asRecord } from '../../schemas/compare-charts.ts';
import type { RunPlace, RunProtocol, RunSurroundings, ShownRun } from '../../schemas/run-protocol.ts';
import { createAnnouncer } from '../shared/announcer.tsx';
import type { HostClient } from '../shared/host.ts';
import type { Theme } from '../shared/theme.ts';
import type { Change, RunPage } from './page.ts';

interface Surroundings {
  readonly host: HostClient<RunProtocol>;
  readonly theme: ReadonlySignal<Theme>;
  readonly firstTab: string;
}

export const createRunPage = ({ host, theme, firstTab }: Surroundings): RunPage => {
  const told = followHost(host);
  const view = createView(host, firstTab);
  const acting = createActing(host);
  const clock = createClock(computed(() => told.run.value?.status === 'RUNNING'));
  const announcer = createAnnouncer();
  const canEdit = computed(() => told.run.value?.isDeleted === false && told.place.value?.readOnlyReason === undefined && told.readFailure.value === undefined);
  return {
    host,
    theme,
    announcer,
    canEdit,
    now: clock.now,
    ...told,
    ...view,
    ...acting,
    copy: (text, what) => void acting.ask('copy', { text }).then((done) => done && announcer.say(`Copied ${what}`)),
    dispose: () => {
      clock.dispose();
      host.dispose();
    },
  };
};

/** What the host tells by itself. */
const followHost = (host: HostClient<RunProtocol>) => {
  const run = signal<ShownRun | undefined>(undefined);
  const surroundings = signal<RunSurroundings | undefined>(undefined);
  const place = signal<RunPlace | undefined>(undefined);
  const readFailure = signal<{ readonly message: string; readonly isGone: boolean } | undefined>(undefined);
  host.on('run', (next) => (run.value = next));
  host.on('surroundings', (next) => (surroundings.value = next));
  host.on('place', (next) => (place.value = next));
  host.on('failed', (next) => (readFailure.value = next ?? undefined));
  return { run, surroundings, place, readFailure };
};

/** How the page is looked at; the host keeps it for the next restart. */
const createView = (host: HostClient<RunProtocol>, firstTab: string) => {
  const tab = signal(firstTab);
  const kept = signal<Readonly<Record<string, unknown>>>({});
  const save = (): void => host.saveState({ tab: tab.peek(), kept: kept.peek() });
  host.on('restore', (saved) => {
    const { tab: savedTab, kept: savedStates } = asRecord(saved);
    batch(() => {
      if (typeof savedTab === 'string') tab.value = savedTab;
      kept.value = asRecord(savedStates);
    });
  });
  return {
    tab,
    kept,
    showTab: (id: string) => ((tab.value = id), save()),
    keep: (id: string, state: unknown) => ((kept.value = { ...kept.peek(), [id]: state }), save()),
  };
};

/** What a person does, what came of it, and the way back. */
const createActing = (host: HostClient<RunProtocol>) => {
  const failure = signal<string | undefined>(undefined);
  const lastChange = signal<Change | undefined>(undefined);
  const report = (error: unknown): void => {
    failure.value = error instanceof Error ? error.message : String(error);
  };
  const ask: RunPage['ask'] = async (method, params) => {
    failure.value = undefined;
    try {
      await host.request(method, params);
      return true;
    } catch (error) {
      report(error);
      return false;
    }
  };
  return {
    failure,
    lastChange,
    report,
    ask,
    changed: (change: Change) => (lastChange.value = change),
    undo: () => {
      const change = lastChange.peek();
      lastChange.value = undefined;
      void change?.undo();
    },
    dismiss: () =>
      batch(() => {
        failure.value = undefined;
        lastChange.value = undefined;
      }),
  };
};

const second = 1000;
/** Ages need no seconds. */
const quietTicks = 30;

const createClock = (isRunning: ReadonlySignal<boolean>) => {
  const now = signal(Date.now());
  let ticks = 0;
  const timer = setInterval(() => {
    ticks += 1;
    if (isRunning.peek() || ticks % quietTicks === 0) now.value = Date.now();
  }, second);
  // Whatever has just happened did not happen in the future.
  const stop = effect(() => {
    void isRunning.value;
    now.value = Date.now();
  });
  return { now, dispose: () => (clearInterval(timer), stop()) };
};
