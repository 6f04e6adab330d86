import type { IncomingMessage, ServerResponse } from 'node:http';

export interface BodyPace {
  /** ms in which at least `bytes` must come, until the body is complete. */
  readonly interval: number;
  readonly bytes: number;
}

/** Slower than any line that carries an upload, faster than what only holds a connection. */
export const usualPace: BodyPace = { interval: 20_000, bytes: 4_096 };

const timedOut = JSON.stringify({ error_code: 'REQUEST_TIMEOUT', message: 'The request body comes too slowly, or has stopped coming' });

/** Answers 408 and closes the connection when a body stays behind the pace, whatever route it is for. */
export const endSlowBody = (incoming: IncomingMessage, outgoing: ServerResponse, pace: BodyPace): void => {
  if (incoming.headers['content-length'] === undefined && incoming.headers['transfer-encoding'] === undefined) return;
  // A small body mostly comes with its head, and is complete as soon as the parser is done with both: it needs no timer.
  process.nextTick(() => {
    if (!incoming.complete && !outgoing.closed) keepPace(incoming, outgoing, pace);
  });
};

const keepPace = (incoming: IncomingMessage, outgoing: ServerResponse, { interval, bytes }: BodyPace): void => {
  let seen = incoming.socket.bytesRead;
  const timer = setInterval(() => {
    const now = incoming.socket.bytesRead;
    if (incoming.complete) clearInterval(timer);
    else if (now - seen < bytes) giveUp(incoming, outgoing);
    seen = now;
  }, interval);
  timer.unref();
  outgoing.once('close', () => clearInterval(timer));
};

/** Whoever reads the body sees it break off. */
const giveUp = (incoming: IncomingMessage, outgoing: ServerResponse): void => {
  const end = (): void => void incoming.destroy(new Error('The request body came too slowly'));
  if (outgoing.headersSent) return end();
  outgoing.writeHead(408, { 'content-type': 'application/json', 'x-content-type-options': 'nosniff', connection: 'close' });
  outgoing.end(timedOut, end);
};
