import { signal, type ReadonlySignal } from '@preact/signals';
import type { PageProtocol, ToHost, ToPage } from '../../schemas/webview-protocol.ts';

/** The pipe to the extension host: `acquireVsCodeApi` in VS Code, anything in a test. */
export interface HostChannel {
  post(message: ToHost): void;
  /** Stores what VS Code hands to the host when it restores the page. */
  keep(state: unknown): void;
  /** What it kept when the page was there before. */
  kept(): unknown;
  /** Returns the function that stops listening. */
  onMessage(listener: (message: unknown) => void): () => void;
  /** Calls when the page may be about to be hidden, which is its end. Returns the function that stops it. */
  onLeaving(listener: () => void): () => void;
}

type Requests<P extends PageProtocol> = P['requests'];
type Method<P extends PageProtocol> = keyof Requests<P> & string;
type EventName<P extends PageProtocol> = keyof P['events'] & string;

export interface HostClient<P extends PageProtocol> {
  /** Rejects with the host's message, or with the signal's reason when it is aborted. */
  request<M extends Method<P>>(method: M, params: Requests<P>[M]['params'], signal?: AbortSignal): Promise<Requests<P>[M]['result']>;
  on<E extends EventName<P>>(name: E, listener: (payload: P['events'][E]) => void): void;
  /** Tells the host that listeners are in place; events come after this. */
  ready(): void;
  /** Keeps what the page looks at for the next restart. */
  saveState(state: unknown): void;
  /** False once the host has stopped answering: panels outlive a crash of the extension host, but not usefully. */
  readonly alive: ReadonlySignal<boolean>;
  dispose(): void;
}

export const heartbeatInterval = 5_000;
/** ms between two states that are kept while one changes all the time, as with every frame of a drag. */
export const stateInterval = 200;
/** A debugger or a long garbage collection may swallow one pong; three missing ones are a dead host. */
const toleratedSilence = 3;

interface Pending {
  resolve(result: unknown): void;
  reject(reason: unknown): void;
}

const isToPage = (message: unknown): message is ToPage =>
  typeof message === 'object' && message !== null && 'kind' in message && typeof message.kind === 'string';

export const createHostClient = <P extends PageProtocol>(channel: HostChannel): HostClient<P> => {
  const pending = new Map<number, Pending>();
  const listeners = new Map<string, ((payload: unknown) => void)[]>();
  const alive = signal(true);
  let lastId = 0;
  let unanswered = 0;

  const settle = (id: number, finish: (request: Pending) => void): void => {
    const request = pending.get(id);
    if (request === undefined) return;
    pending.delete(id);
    finish(request);
  };

  const receive = (message: unknown): void => {
    if (!isToPage(message)) return;
    unanswered = 0;
    alive.value = true;
    switch (message.kind) {
      case 'result':
        return settle(message.id, ({ resolve }) => resolve(message.result));
      case 'failure':
        return settle(message.id, ({ reject }) => reject(new Error(message.message)));
      case 'event':
        return listeners.get(message.name)?.forEach((listener) => listener(message.payload));
      case 'keep':
        return channel.keep(message.state);
      case 'pong':
        return;
      default:
        return message satisfies never;
    }
  };

  const beat = (): void => {
    alive.value = unanswered < toleratedSilence;
    unanswered += 1;
    channel.post({ kind: 'ping' });
  };

  const stopListening = channel.onMessage(receive);
  const timer = setInterval(beat, heartbeatInterval);
  const states = createStateKeeper((state) => channel.post({ kind: 'state', state }));
  const stopKeeping = channel.onLeaving(states.flush);

  return {
    alive,
    request: (method, params, abort) =>
      new Promise((resolve, reject) => {
        if (abort?.aborted) return reject(abort.reason);
        // What it is asked for may hide the page.
        states.flush();
        const id = ++lastId;
        const onAbort = (): void =>
          settle(id, (request) => {
            channel.post({ kind: 'cancel', id });
            request.reject(abort?.reason);
          });
        const done = (): void => abort?.removeEventListener('abort', onAbort);
        pending.set(id, { resolve: (result) => (done(), resolve(result)), reject: (reason) => (done(), reject(reason)) });
        abort?.addEventListener('abort', onAbort);
        channel.post({ kind: 'request', id, method, params });
      }),
    on: (name, listener) => {
      const known = listeners.get(name) ?? [];
      listeners.set(name, [...known, listener as (payload: unknown) => void]);
    },
    ready: () => channel.post({ kind: 'ready', kept: channel.kept() }),
    saveState: states.save,
    dispose: () => {
      clearInterval(timer);
      stopKeeping();
      states.dispose();
      stopListening();
    },
  };
};

/** The first state at once, later ones when there is time, the last one always. */
const createStateKeeper = (post: (state: unknown) => void) => {
  let waiting: { readonly state: unknown } | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const flush = (): void => {
    if (waiting !== undefined) post(waiting.state);
    waiting = undefined;
  };
  const postWaiting = (): void => {
    timer = waiting === undefined ? undefined : setTimeout(postWaiting, stateInterval);
    flush();
  };
  const save = (state: unknown): void => {
    waiting = { state };
    if (timer === undefined) postWaiting();
  };
  const dispose = (): void => {
    clearTimeout(timer);
    flush();
  };
  return { save, flush, dispose };
};
