import type { Disposable } from '../shared/disposables.ts';
import type { ChangeFeed } from './change-feed.ts';

/** ms between two comments that keep the connection open and find out that the client is gone. */
const heartbeat = 15_000;
/** A client that lets this many events wait is disconnected: it connects again and reads anew. */
const mostWaiting = 1_000;

/** Server-sent events of a store's changes. The first comment says that from here on everything is told. */
export const eventStream = (feed: ChangeFeed): Response => {
  const encoder = new TextEncoder();
  let watch: Disposable | undefined;
  let timer: NodeJS.Timeout | undefined;
  const stop = (): void => {
    clearInterval(timer);
    watch?.dispose();
  };
  const stream = new ReadableStream<Uint8Array>(
    {
      start(controller) {
        const end = (): void => {
          stop();
          controller.close();
        };
        const send = (text: string): void => {
          controller.enqueue(encoder.encode(text));
          if ((controller.desiredSize ?? 0) <= -mostWaiting) end();
        };
        watch = feed.listen((event) => send(`data: ${JSON.stringify(event)}\n\n`), end);
        timer = setInterval(() => send(': still here\n\n'), heartbeat);
        send(': listening\n\n');
      },
      cancel: stop,
    },
    { highWaterMark: 1 },
  );
  return new Response(stream, { headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' } });
};
