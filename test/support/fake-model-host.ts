/** Stands in for the extension host of a registered model's page, inside the page: remembers what it is asked. */
import type { ModelSnapshot, PageSignature } from '../../schemas/registered-model-page.ts';
import type { ToHost, ToPage } from '../../schemas/webview-protocol.ts';

class FakeModelHost {
  readonly asked: { readonly method: string; readonly params: unknown }[] = [];
  /** By version; of others nothing can be read. */
  signatures: Readonly<Record<number, string>> = {};
  #waiting: ToPage[] = [];
  #ready = false;

  show(snapshot: ModelSnapshot): void {
    this.#send({ kind: 'event', name: 'snapshot', payload: snapshot });
  }

  fail(message: string): void {
    this.#send({ kind: 'event', name: 'failed', payload: { message } });
  }

  receive(message: ToHost): void {
    if (message.kind === 'ready') {
      this.#ready = true;
      for (const waiting of this.#waiting.splice(0)) this.#post(waiting);
    }
    if (message.kind !== 'request') return;
    this.asked.push({ method: message.method, params: message.params });
    this.#post({ kind: 'result', id: message.id, result: message.method === 'signatures' ? this.#signaturesOf(message.params) : null });
  }

  #signaturesOf(params: unknown): readonly PageSignature[] {
    const { versions } = params as { readonly versions: readonly number[] };
    return versions.map((version) => {
      const text = this.signatures[version];
      return { version, text: text ?? '', problem: text === undefined ? 'The MLmodel cannot be read' : '' };
    });
  }

  #send(message: ToPage): void {
    if (this.#ready) this.#post(message);
    else this.#waiting.push(message);
  }

  #post(message: ToPage): void {
    globalThis.postMessage(message, '*');
  }
}

declare global {
  var fakeModelHost: FakeModelHost;
}

globalThis.fakeModelHost = new FakeModelHost();
Object.assign(globalThis, {
  acquireVsCodeApi: () => ({ postMessage: (message: ToHost) => fakeModelHost.receive(message), setState: () => {}, getState: () => undefined }),
});
