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
  // Copied as VS Code copies it.
  window.postMessage(structuredClone(answer));
};

const resultIn = async (response: Response): Promise<unknown> => {
  switch (response.headers.get('content-type')) {
    case 'application/json':
      return await response.json();
    case 'application/octet-stream':
      return await response.arrayBuffer();
    default:
      return buffersIn(await response.arrayBuffer());
  }
};

const buffersIn = (whole: ArrayBuffer): readonly ArrayBuffer[] => {
  const buffers: ArrayBuffer[] = [];
  for (let at = 0; at < whole.byteLength;) {
    const length = new DataView(whole).getFloat64(at, true);
    buffers.push(whole.slice(at + 8, at + 8 + length));
    at += 8 + length;
  }
  return buffers;
};

new EventSource('/events').addEventListener('message', ({ data }) => {
  globalThis.lastEventAt = performance.now();
  window.postMessage(JSON.parse(String(data)));
});

Object.assign(globalThis, {
  acquireVsCodeApi: () => ({ postMessage: (message: ToHost) => void post(message), setState: () => {}, getState: () => undefined }),
});
