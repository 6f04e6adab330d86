import { batch, effect, signal, type ReadonlySignal } from '@preact/signals';
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { ServePage, ServeProtocol } from '../../schemas/serve-page.ts';
import { createAnnouncer, type Announcer } from '../shared/announcer.tsx';
import type { HostClient } from '../shared/host.ts';
import { createByteSource } from '../shared/readers/byte-source.ts';
import { createExchanges, type Exchanges } from './reply/exchanges.ts';
import { createDraft, type Draft } from './request/draft.ts';
import { readFileRows } from './request/file-rows.ts';
import { mostRows } from './request/fill.ts';
import { toCurl, toPython } from './request/snippets.ts';
import { createTouched, type Touched } from './request/touched.ts';
import { readView, type Exchange, type View } from './view.ts';

/** The state of the page, and what its controls do. */
export interface TryIt
  extends
    Pick<Draft, 'input' | 'shape' | 'mode' | 'typed' | 'format' | 'raw' | 'problems' | 'setMode' | 'setFormat' | 'setRaw' | 'change' | 'useExample'>,
    Pick<Exchanges, 'history' | 'shown' | 'isBlamed'>,
    Pick<Touched, 'problemAt' | 'touch'> {
  readonly host: HostClient<ServeProtocol>;
  readonly announcer: Announcer;
  readonly page: ReadonlySignal<ServePage | undefined>;
  readonly log: ReadonlySignal<string>;
  readonly busy: ReadonlySignal<boolean>;
  /** What the host said when something failed. */
  readonly failure: ReadonlySignal<string | undefined>;
  clear(): void;
  loadRows(): Promise<void>;
  send(): Promise<void>;
  cancel(): void;
  /** Shows an earlier exchange, and makes its request the current one. */
  recall(exchange: Exchange): void;
  copyAs(kind: 'curl' | 'python' | 'body'): Promise<void>;
  copy(text: string): Promise<void>;
  act(action: 'stop' | 'restart' | 'install' | 'openLog' | 'openModel'): Promise<void>;
  keep(isKept: boolean): Promise<void>;
}

/** What the parts of the page share. */
interface Parts {
  readonly host: HostClient<ServeProtocol>;
  readonly announcer: Announcer;
  readonly draft: Draft;
  readonly touched: Touched;
  readonly exchanges: Exchanges;
  readonly page: ReadonlySignal<ServePage | undefined>;
  /** What goes wrong is shown on the page. */
  attempt(work: () => Promise<unknown>): Promise<void>;
}

export const createTryIt = (host: HostClient<ServeProtocol>): TryIt => {
  const [announcer, draft, exchanges] = [createAnnouncer(), createDraft(), createExchanges()];
  const { failure, attempt } = createAttempts();
  const parts = { host, announcer, draft, exchanges, touched: createTouched(draft.problems), page: signal<ServePage>(), attempt };
  const log = signal('');
  host.on('page', (shown) => (parts.page.value = shown));
  host.on('log', (text) => (log.value = text));
  followInput(parts);
  keepView(parts);
  return {
    ...exchanges,
    ...parts.touched,
    ...draft,
    ...sending(parts),
    ...copying(parts),
    host,
    announcer,
    page: parts.page,
    log,
    failure,
    clear: () => batch(() => startAnew(parts)),
    loadRows: async () => await attempt(async () => await loadRows(parts)),
    recall: (exchange) =>
      batch(() => {
        exchanges.show(exchange);
        draft.recall(exchange.request);
      }),
    act: async (action) => await attempt(async () => await host.request(action, null)),
    keep: async (isKept) => await attempt(async () => await host.request('keep', { isKept })),
  };
};

const createAttempts = () => {
  const failure = signal<string>();
  const attempt: Parts['attempt'] = async (work) => {
    failure.value = undefined;
    try {
      await work();
    } catch (error) {
      failure.value = error instanceof Error ? error.message : String(error);
    }
  };
  return { failure, attempt };
};

/** The first input of the model is joined by what was kept of an earlier page. */
const followInput = ({ host, draft, exchanges }: Parts): void => {
  let restored: View | undefined;
  host.on('restore', (kept) => (restored = readView(kept)));
  host.on('input', (input) =>
    batch(() => {
      draft.begin(input, restored);
      if (restored !== undefined) exchanges.restore(restored.history);
      restored = undefined;
    }),
  );
};

const keepView = ({ host, draft: { input, mode, typed, format, raw }, exchanges: { history } }: Parts): void => {
  effect(() => {
    if (input.value === undefined) return;
    host.saveState({ mode: mode.value, typed: typed.value, format: format.value, raw: raw.value, history: history.value } satisfies View);
  });
};

const startAnew = ({ draft, touched, exchanges }: Parts): void => {
  draft.clear();
  touched.reset();
  exchanges.show(undefined);
};

const loadRows = async ({ host, announcer, draft }: Parts): Promise<void> => {
  const file = await host.request('chooseRows', null);
  const { data } = draft.shape.value;
  if (file === null || data.kind !== 'table') return;
  const source = createByteSource(async (range, signal) => await host.request('readRows', range, signal));
  const count = draft.fillRows(await readFileRows(source, mostRows));
  if (count < 0) throw new Error(`${file.name} has none of the columns ${data.columns.map(({ label }) => label).join(', ')}.`);
  announcer.say(`${count} rows of ${file.name}`);
};

const sending = ({ host, announcer, draft, touched, exchanges, attempt }: Parts): Pick<TryIt, 'busy' | 'send' | 'cancel'> => {
  const busy = signal(false);
  let current: AbortController | undefined;
  const score = async (): Promise<void> => {
    const sent = draft.request.value;
    const reply = await host.request('score', sent, current?.signal);
    exchanges.record(sent, reply);
    announcer.say(reply.status < 400 ? `Answered in ${Math.round(reply.latency)} ms` : `Refused with ${reply.status}`);
  };
  const send = async (): Promise<void> => {
    touched.touchAll();
    const wrong = draft.problems.value;
    if (wrong.length > 0) return announcer.say(`Not sent: ${wrong.map(({ message }) => message).join('. ')}`);
    current = new AbortController();
    busy.value = true;
    await attempt(score);
    busy.value = false;
  };
  return { busy, send, cancel: () => current?.abort(new Error('Given up; the server may still be at it.')) };
};

const copying = ({ host, announcer, draft, page, attempt }: Parts): Pick<TryIt, 'copy' | 'copyAs'> => {
  const copy = async (text: string): Promise<void> => {
    await attempt(async () => await host.request('copy', { text }));
    announcer.say('Copied');
  };
  const copyAs: TryIt['copyAs'] = async (kind) => {
    const state = page.value?.state;
    // The terminal is on the same machine as the server.
    const address = state?.kind === 'ready' ? state.address : 'http://127.0.0.1:5001';
    const { value } = draft.request;
    await copy(kind === 'curl' ? toCurl(address, value) : kind === 'python' ? toPython(address, value) : value.body);
  };
  return { copy, copyAs };
};

export const TryItContext = createContext<TryIt | undefined>(undefined);

export const useTryIt = (): TryIt => {
  const tryIt = useContext(TryItContext);
  if (tryIt === undefined) throw new Error('A part of the page was used outside of it');
  return tryIt;
};
