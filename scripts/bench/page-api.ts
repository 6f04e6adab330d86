/** What VS Code gives a page, over HTTP: for the browser of the benchmark. */
import type { ToHost, ToPage } from '../../schemas/webview-protocol.ts';

declare global {
  /** When the page was given its last answer, and when it was told something the last time. */
  var lastAnswerAt: number;
  var lastEventAt: number;
}

const post = async (message: ToHost): Promise<void> => {
  const response = await fetch('/message', { method: 'POST', body: JSON.stringify(message) });
  if (message.kind !== 'request') return;
  const answer: ToPage = response.ok
    ? { kind: 'result', id: message.id, result: await resultIn(response) }
    : { kind: 'failure', id: message.id, message: await response.text() };
  globalThis.lastAnswerAt = performance.now();
  // VS Code copies buffers on their way to the page, as they were copied out of the answer, and hands these over.
  window.postMessage(answer, '*', [...buffersOf(answer)]);
};

const buffersOf = (value: unknown): readonly ArrayBuffer[] => {
  if (value instanceof ArrayBuffer) return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(buffersOf) : [];
};

/** JSON, and behind it the buffers that it names: see `reply` of the host. */
const resultIn = async (response: Response): Promise<unknown> => {
  const whole = await response.arrayBuffer();
  const view = new DataView(whole);
  const part = (at: number): ArrayBuffer => whole.slice(at + 8, at + 8 + view.getFloat64(at, true));
  const text = part(0);
  const buffers: ArrayBuffer[] = [];
  for (let at = 8 + text.byteLength; at < whole.byteLength; at += 8 + (buffers.at(-1)?.byteLength ?? 0)) buffers.push(part(at));
  return JSON.parse(new TextDecoder().decode(text), (_key, value: unknown) =>
    typeof value === 'object' && value !== null && 'bufferAt' in value ? buffers[Number(value.bufferAt)] : value,
  );
};

new EventSource('/events').addEventListener('message', ({ data }) => {
  globalThis.lastEventAt = performance.now();
  window.postMessage(JSON.parse(String(data)));
});

Object.assign(globalThis, {
  acquireVsCodeApi: () => ({ postMessage: (message: ToHost) => void post(message), setState: () => {}, getState: () => undefined }),
});
