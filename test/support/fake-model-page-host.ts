/** Stands in for the extension host of the page Model, inside the page: remembers what it is asked. */
import type { ModelPage, ModelSurroundings } from '../../schemas/model-page.ts';
import type { ToHost, ToPage } from '../../schemas/webview-protocol.ts';

interface ModelAnswers {
  readonly model: ModelPage;
  readonly surroundings: ModelSurroundings;
}

class FakeModelPageHost {
  readonly asked: { readonly method: string; readonly params: unknown }[] = [];
  #answers: ModelAnswers | undefined;
  #ready = false;

  load(answers: ModelAnswers): void {
    this.#answers = answers;
    this.#begin();
  }

  fail(message: string): void {
    this.#event('failed', { message });
  }

  receive(message: ToHost): void {
    if (message.kind === 'ready') {
      this.#ready = true;
      this.#begin();
    }
    if (message.kind !== 'request') return;
    this.asked.push({ method: message.method, params: message.params });
    this.#post({ kind: 'result', id: message.id, result: null });
  }

  #begin(): void {
    if (this.#answers === undefined || !this.#ready) return;
    this.#event('model', this.#answers.model);
    this.#event('surroundings', this.#answers.surroundings);
  }

  #event(name: string, payload: unknown): void {
    this.#post({ kind: 'event', name, payload });
  }

  #post(message: ToPage): void {
    globalThis.postMessage(message, '*');
  }
}

declare global {
  var fakeModelPageHost: FakeModelPageHost;
}

globalThis.fakeModelPageHost = new FakeModelPageHost();
Object.assign(globalThis, {
  acquireVsCodeApi: () => ({ postMessage: (message: ToHost) => fakeModelPageHost.receive(message), setState: () => {}, getState: () => undefined }),
});
