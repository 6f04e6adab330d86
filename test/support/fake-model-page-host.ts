/** Stands in for the extension host of the page Model, inside the page: remembers what it is asked. */
import type { ModelPage, ModelSurroundings, RegisteredVersion, VersionChanges } from '../../schemas/model-page.ts';
import type { ToHost, ToPage } from '../../schemas/webview-protocol.ts';

interface ModelAnswers {
  readonly model: ModelPage;
  readonly surroundings: ModelSurroundings;
  readonly version?: RegisteredVersion;
  readonly changes?: VersionChanges;
}

class FakeModelPageHost {
  readonly asked: { readonly method: string; readonly params: unknown }[] = [];
  #answers: ModelAnswers | undefined;
  #ready = false;

  load(answers: ModelAnswers): void {
    this.#answers = answers;
    this.#begin();
  }

  /** What comes of a version when its model cannot be read. */
  tellVersion(version: RegisteredVersion, changes: VersionChanges): void {
    this.#event('version', version);
    this.#event('changes', changes);
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
    for (const [name, payload] of Object.entries(this.#answers)) this.#event(name, payload);
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
