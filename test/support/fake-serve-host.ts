/** Stands in for the extension host of the page Serve, inside the page: remembers what it is asked, answers what it is told to. */
import type { ArtifactBytes } from '../../schemas/run-artifacts-protocol.ts';
import type { ModelInput, ServePage } from '../../schemas/serve-page.ts';
import type { ToHost, ToPage } from '../../schemas/webview-protocol.ts';

export interface ServeAnswers {
  readonly page: ServePage;
  readonly input: ModelInput;
  readonly log: string;
  readonly restore?: unknown;
  /** The file that rows are taken from, in base64. */
  readonly rows?: string;
  /** By method; a text that begins with `!` is a failure, `never` is no answer at all. */
  readonly results: Readonly<Record<string, unknown>>;
}

interface ByteRange {
  readonly start: number;
  readonly end: number;
}

class FakeServeHost {
  readonly asked: { readonly method: string; readonly params: unknown }[] = [];
  kept: unknown;
  #answers: ServeAnswers | undefined;
  #ready = false;

  load(answers: ServeAnswers): void {
    this.#answers = answers;
    this.#begin();
  }

  show(page: ServePage): void {
    this.#event('page', page);
  }

  receive(message: ToHost): void {
    if (message.kind === 'state') this.kept = message.state;
    if (message.kind === 'ready') {
      this.#ready = true;
      this.#begin();
    }
    if (message.kind !== 'request') return;
    const { id, method, params } = message;
    this.asked.push({ method, params });
    const result = method === 'readRows' ? this.#readRows(params as ByteRange) : (this.#answers?.results[method] ?? null);
    if (result === 'never') return;
    if (typeof result === 'string' && result.startsWith('!')) this.#post({ kind: 'failure', id, message: result.slice(1) });
    else this.#post({ kind: 'result', id, result });
  }

  #begin(): void {
    if (this.#answers === undefined || !this.#ready) return;
    const { restore, page, log, input } = this.#answers;
    this.#event('restore', restore);
    this.#event('page', page);
    this.#event('log', log);
    this.#event('input', input);
  }

  #readRows({ start, end }: ByteRange): ArtifactBytes {
    const file = Uint8Array.from(atob(this.#answers?.rows ?? ''), (character) => character.charCodeAt(0));
    return { bytes: file.slice(start, end).buffer, size: file.length };
  }

  #event(name: string, payload: unknown): void {
    this.#post({ kind: 'event', name, payload });
  }

  #post(message: ToPage): void {
    globalThis.postMessage(message, '*');
  }
}

declare global {
  var fakeServeHost: FakeServeHost;
}

globalThis.fakeServeHost = new FakeServeHost();
Object.assign(globalThis, {
  acquireVsCodeApi: () => ({ postMessage: (message: ToHost) => fakeServeHost.receive(message), setState: () => {}, getState: () => undefined }),
});
