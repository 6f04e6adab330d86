import { batch, computed, effect, signal, type ReadonlySignal } from '@preact/signals';
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { ModelInput, ScoringReply, ScoringRequest, ServePage, ServeProtocol } from '../../schemas/serve-page.ts';
import { createAnnouncer, type Announcer } from '../shared/announcer.tsx';
import type { HostClient } from '../shared/host.ts';
import { noShape, shapeOf, type FormShape } from './request/fields.ts';
import { blankForm, fillForm, rowsOfCsv } from './request/fill.ts';
import { emptyForm, placeKey, readForm, type Place, type RequestProblem, type TypedForm } from './request/form.ts';
import { bodyOf, contentTypeOf, defaultFormat, type Format } from './request/formats.ts';
import { checkRaw } from './request/check-raw.ts';
import { toCurl, toPython } from './request/snippets.ts';
import { readReply } from './reply/read-reply.ts';
import { readView, type Exchange, type Mode, type View } from './view.ts';

/** The state of the page, and what its controls do. */
export interface TryIt {
  readonly host: HostClient<ServeProtocol>;
  readonly announcer: Announcer;
  readonly page: ReadonlySignal<ServePage | undefined>;
  readonly input: ReadonlySignal<ModelInput | undefined>;
  readonly log: ReadonlySignal<string>;
  readonly shape: ReadonlySignal<FormShape>;
  readonly mode: ReadonlySignal<Mode>;
  readonly typed: ReadonlySignal<TypedForm>;
  readonly format: ReadonlySignal<Format>;
  readonly raw: ReadonlySignal<string>;
  /** Of the request that would be sent now. */
  readonly problems: ReadonlySignal<readonly RequestProblem[]>;
  readonly history: ReadonlySignal<readonly Exchange[]>;
  /** The exchange whose reply is shown. */
  readonly shown: ReadonlySignal<Exchange | undefined>;
  readonly busy: ReadonlySignal<boolean>;
  /** What the host said when something failed. */
  readonly failure: ReadonlySignal<string | undefined>;
  /** A problem is told once somebody has tried to send, or has left the field. */
  problemAt(place: Place): string | undefined;
  /** Whether the server's last answer was about a field of this name. */
  isBlamed(label: string): boolean;
  touch(place: Place): void;
  setMode(mode: Mode): void;
  change(change: Partial<TypedForm>): void;
  setFormat(format: Format): void;
  setRaw(text: string): void;
  useExample(): void;
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

const longestHistory = 20;

export const createTryIt = (host: HostClient<ServeProtocol>): TryIt => {
  const announcer = createAnnouncer();
  const page = signal<ServePage>();
  const input = signal<ModelInput>();
  const log = signal('');
  const mode = signal<Mode>('form');
  const typed = signal<TypedForm>(emptyForm);
  const format = signal<Format>('dataframe_split');
  const raw = signal('');
  const history = signal<readonly Exchange[]>([]);
  const shown = signal<Exchange>();
  const busy = signal(false);
  const failure = signal<string>();
  const touched = signal<ReadonlySet<string> | 'all'>(new Set<string>());
  const shape = computed(() => (input.value === undefined ? noShape : shapeOf(input.value.signature, input.value.isFromTypeHints)));
  const reading = computed(() => readForm(shape.value, typed.value));
  let restored: View | undefined;
  let sending: AbortController | undefined;

  const formBody = (as: Format): string | undefined => {
    const read = reading.value;
    return read && bodyOf(read.data, read.params, as, shape.value.isFromTypeHints);
  };
  const request = computed((): ScoringRequest => {
    const isRaw = mode.value === 'raw';
    const as = isRaw ? format.value : defaultFormat(shape.value);
    return { contentType: contentTypeOf(as), body: isRaw ? raw.value : (formBody(as) ?? '') };
  });
  const problems = computed((): readonly RequestProblem[] => {
    if (mode.value === 'form') return reading.value?.problems ?? [];
    return checkRaw(raw.value, format.value, shape.value).map((message) => ({ place: { kind: 'request' }, message }));
  });
  const blamed = computed((): ReadonlySet<string> => {
    const reply = shown.value?.reply;
    const read = reply && readReply(reply);
    return new Set(read?.kind === 'failure' ? read.failure.fields : []);
  });

  const startAnew = (given: ModelInput): void => {
    input.value = given;
    const free = shape.value.data.kind === 'free';
    const view = restored;
    restored = undefined;
    typed.value = view?.typed ?? (given.example === undefined ? undefined : fillForm(shape.value, given.example)) ?? blankForm(shape.value);
    format.value = view?.format ?? defaultFormat(shape.value);
    raw.value = view?.raw ?? given.example ?? formBody(format.value) ?? '{"inputs": []}';
    mode.value = free ? 'raw' : (view?.mode ?? 'form');
    if (view !== undefined) history.value = view.history;
  };

  host.on('page', (shownPage) => (page.value = shownPage));
  host.on('log', (text) => (log.value = text));
  host.on('restore', (kept) => (restored = readView(kept)));
  host.on('input', (given) => batch(() => startAnew(given)));

  effect(() => {
    if (input.value === undefined) return;
    host.saveState({ mode: mode.value, typed: typed.value, format: format.value, raw: raw.value, history: history.value } satisfies View);
  });

  const attempt = async (work: () => Promise<unknown>): Promise<void> => {
    failure.value = undefined;
    try {
      await work();
    } catch (error) {
      failure.value = error instanceof Error ? error.message : String(error);
    }
  };

  const record = (sent: ScoringRequest, reply: ScoringReply): void => {
    const exchange: Exchange = { request: sent, reply, time: Date.now() };
    batch(() => {
      shown.value = exchange;
      history.value = [exchange, ...history.value].slice(0, longestHistory);
    });
    announcer.say(reply.status < 400 ? `Answered in ${Math.round(reply.latency)} ms` : `Refused with ${reply.status}`);
  };

  const send = async (): Promise<void> => {
    touched.value = 'all';
    const wrong = problems.value;
    if (wrong.length > 0) return announcer.say(`Not sent: ${wrong.map(({ message }) => message).join('. ')}`);
    const sent = request.value;
    sending = new AbortController();
    busy.value = true;
    await attempt(async () => record(sent, await host.request('score', sent, sending?.signal)));
    busy.value = false;
  };

  return {
    host,
    announcer,
    page,
    input,
    log,
    shape,
    mode,
    typed,
    format,
    raw,
    problems,
    history,
    shown,
    busy,
    failure,
    problemAt: (place) => {
      const key = placeKey(place);
      if (touched.value !== 'all' && !touched.value.has(key)) return undefined;
      return problems.value.find((problem) => placeKey(problem.place) === key)?.message;
    },
    isBlamed: (label) => blamed.value.has(label),
    touch: (place) => {
      if (touched.value !== 'all') touched.value = new Set([...touched.value, placeKey(place)]);
    },
    setMode: (wanted) =>
      batch(() => {
        const known = readForm(shape.value, typed.value);
        if (wanted === 'raw' && known !== undefined && known.problems.length === 0) raw.value = pretty(formBody(format.value) ?? '', format.value);
        if (wanted === 'form' && format.value !== 'csv') typed.value = fillForm(shape.value, raw.value) ?? typed.value;
        mode.value = wanted;
      }),
    change: (change) => (typed.value = { ...typed.value, ...change }),
    setFormat: (wanted) =>
      batch(() => {
        if (format.value !== 'csv') typed.value = fillForm(shape.value, raw.value) ?? typed.value;
        format.value = wanted;
        raw.value = pretty(formBody(wanted) ?? raw.value, wanted);
      }),
    setRaw: (text) => (raw.value = text),
    useExample: () =>
      batch(() => {
        const example = input.value?.example;
        if (example === undefined) return;
        typed.value = fillForm(shape.value, example) ?? typed.value;
        raw.value = example;
        if (format.value === 'csv') format.value = defaultFormat(shape.value);
      }),
    clear: () =>
      batch(() => {
        typed.value = blankForm(shape.value);
        touched.value = new Set<string>();
        shown.value = undefined;
      }),
    loadRows: async () =>
      await attempt(async () => {
        const file = await host.request('chooseRows', null);
        const { data } = shape.value;
        if (file === null || data.kind !== 'table') return;
        const rows = rowsOfCsv(data.columns, file.text);
        if (rows === undefined) throw new Error(`${file.name} has none of the columns ${data.columns.map(({ label }) => label).join(', ')}.`);
        typed.value = { ...typed.value, rows };
        announcer.say(`${rows.length} rows of ${file.name}`);
      }),
    send,
    cancel: () => sending?.abort(new Error('Given up; the server may still be at it.')),
    recall: (exchange) =>
      batch(() => {
        const { request: sent } = exchange;
        shown.value = exchange;
        raw.value = sent.body;
        const filled = sent.contentType === 'text/csv' ? undefined : fillForm(shape.value, sent.body);
        if (filled !== undefined) typed.value = filled;
        if (sent.contentType === 'text/csv') format.value = 'csv';
        if (filled === undefined) mode.value = 'raw';
      }),
    copyAs: async (kind) => {
      const state = page.value?.state;
      // The terminal is on the same machine as the server.
      const address = state?.kind === 'ready' ? state.address : 'http://127.0.0.1:5001';
      const { value } = request;
      const text = kind === 'curl' ? toCurl(address, value) : kind === 'python' ? toPython(address, value) : value.body;
      await attempt(async () => await host.request('copy', { text }));
      announcer.say('Copied');
    },
    copy: async (text) => {
      await attempt(async () => await host.request('copy', { text }));
      announcer.say('Copied');
    },
    act: async (action) => await attempt(async () => await host.request(action, null)),
    keep: async (isKept) => await attempt(async () => await host.request('keep', { isKept })),
  };
};

/** As somebody would like to edit it; numbers that JavaScript cannot hold stay on their line. */
const pretty = (body: string, format: Format): string => {
  if (format === 'csv') return body;
  const isExact = ![...body.matchAll(/-?\d{16,}/g)].some(([digits]) => !Number.isSafeInteger(Number(digits)));
  try {
    return isExact
      ? JSON.stringify(JSON.parse(body), undefined, 2).replaceAll(/\[\s+([^[\]{}]*?)\s+\]/g, (_, inner: string) => `[${inner.replaceAll(/\s*\n\s*/g, ' ')}]`)
      : body;
  } catch {
    return body;
  }
};

export const TryItContext = createContext<TryIt | undefined>(undefined);

export const useTryIt = (): TryIt => {
  const tryIt = useContext(TryItContext);
  if (tryIt === undefined) throw new Error('A part of the page was used outside of it');
  return tryIt;
};
