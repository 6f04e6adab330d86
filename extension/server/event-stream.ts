import type { Disposable } from '../shared/disposables.ts';

/** Resolves once every later event is told; disposed when the client is gone. */
export type Subscribe<Event extends object> = (onEvent: (event: Event) => void, onEnd: () => void) => Promise<Disposable>;

/** ms between two comments that keep the connection open and find out that the client is gone. */
const heartbeat = 15_000;
/** A client that lets this many events wait is disconnected: it connects again and reads anew. */
const mostWaiting = 1_000;

/** Server-sent events. The first comment says that from here on everything is told. */
export const eventStream = async <Event extends object>(subscribe: Subscribe<Event>): Promise<Response> => {
  const sender = new EventSender();
  sender.follow(
    await subscribe(
      (event) => sender.send(`data: ${JSON.stringify(event)}\n\n`),
      () => sender.end(),
    ),
  );
  const headers = { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' };
  return new Response(sender.stream, { headers });
};

/** The writing end of one client's stream. */
class EventSender {
  readonly stream: ReadableStream<Uint8Array>;
  readonly #encoder = new TextEncoder();
  readonly #timer = setInterval(() => this.send(': still here\n\n'), heartbeat);
  #controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  #watch: Disposable | undefined;

  constructor() {
    const start = (controller: ReadableStreamDefaultController<Uint8Array>): void => {
      this.#controller = controller;
      this.send(': listening\n\n');
    };
    this.stream = new ReadableStream({ start, cancel: () => this.#stop() }, { highWaterMark: 1 });
  }

  follow(watch: Disposable): void {
    this.#watch = watch;
    if (this.#controller === undefined) watch.dispose();
  }

  send(text: string): void {
    this.#controller?.enqueue(this.#encoder.encode(text));
    if ((this.#controller?.desiredSize ?? 0) <= -mostWaiting) this.end();
  }

  end(): void {
    const controller = this.#controller;
    this.#stop();
    controller?.close();
  }

  #stop(): void {
    clearInterval(this.#timer);
    this.#controller = undefined;
    this.#watch?.dispose();
  }
}
