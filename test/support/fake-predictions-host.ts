/** Stands in for the extension host of the page Predictions, inside the page: remembers what it is asked. */
import type { PredictionFiles } from '../../schemas/predictions-page.ts';
import type { ToHost, ToPage } from '../../schemas/webview-protocol.ts';

class FakePredictionsHost {
  readonly asked: { readonly method: string; readonly params: unknown }[] = [];

  load(files: PredictionFiles): void {
    this.#post({ kind: 'event', name: 'files', payload: files });
  }

  fail(message: string): void {
    this.#post({ kind: 'event', name: 'failed', payload: { message } });
  }

  receive(message: ToHost): void {
    if (message.kind !== 'request') return;
    this.asked.push({ method: message.method, params: message.params });
    this.#post({ kind: 'result', id: message.id, result: null });
  }

  #post(message: ToPage): void {
    globalThis.postMessage(message, '*');
  }
}

declare global {
  var fakePredictionsHost: FakePredictionsHost;
}

globalThis.fakePredictionsHost = new FakePredictionsHost();
Object.assign(globalThis, {
  acquireVsCodeApi: () => ({ postMessage: (message: ToHost) => fakePredictionsHost.receive(message), setState: () => {}, getState: () => undefined }),
});
