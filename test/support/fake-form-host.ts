/** Stands in for the extension host of the form *Run with…*, inside the page: remembers what it is asked, answers what it is told to. */
import type { RunChoices } from '../../schemas/run-choices.ts';
import type { RunForm, RunPreview } from '../../schemas/run-form.ts';
import type { ToHost, ToPage } from '../../schemas/webview-protocol.ts';

export interface FormAnswers {
  readonly form: RunForm;
  readonly fill: RunChoices;
  /** By method; a text that begins with `!` is a failure. */
  readonly results: Readonly<Record<string, unknown>>;
}

interface Asked {
  readonly method: string;
  readonly choices?: RunChoices;
}

class FakeFormHost {
  readonly asked: Asked[] = [];
  #answers: FormAnswers | undefined;
  #ready = false;

  load(answers: FormAnswers): void {
    this.#answers = answers;
    this.#begin();
  }

  /** The project's file has changed. */
  change(form: RunForm): void {
    this.#post({ kind: 'event', name: 'form', payload: form });
  }

  receive(message: ToHost): void {
    if (message.kind === 'ready') {
      this.#ready = true;
      this.#begin();
    }
    if (message.kind === 'request') this.#answer(message);
  }

  #begin(): void {
    if (this.#answers === undefined || !this.#ready) return;
    this.#post({ kind: 'event', name: 'form', payload: this.#answers.form });
    this.#post({ kind: 'event', name: 'fill', payload: this.#answers.fill });
  }

  #answer({ id, method, params }: Extract<ToHost, { kind: 'request' }>): void {
    const choices = (params as { readonly choices?: RunChoices }).choices;
    this.asked.push({ method, ...(choices !== undefined && { choices }) });
    const result = method === 'preview' && choices !== undefined ? this.#preview(choices) : (this.#answers?.results[method] ?? null);
    if (typeof result === 'string' && result.startsWith('!')) this.#post({ kind: 'failure', id, message: result.slice(1) });
    else this.#post({ kind: 'result', id, result });
  }

  /** Like the real one as far as needed values go. */
  #preview({ values }: RunChoices): RunPreview {
    const given = new Map(values.map(({ key, value }) => [key, value]));
    const missing = (this.#answers?.form.parameters ?? []).filter(({ name, defaultValue }) => defaultValue === undefined && !given.has(name));
    const problems = missing.map(({ name }) => ({ field: `parameter:${name}` as const, severity: 'error' as const, message: 'A value is needed' }));
    const command = `python train.py ${values.map(({ key, value }) => `${key}=${value}`).join(' ')}`;
    return { mlflowRun: 'mlflow run .', directory: '/work', problems, ...(problems.length === 0 && { command }) };
  }

  #post(message: ToPage): void {
    globalThis.postMessage(message, '*');
  }
}

declare global {
  var fakeFormHost: FakeFormHost;
}

globalThis.fakeFormHost = new FakeFormHost();
Object.assign(globalThis, {
  acquireVsCodeApi: () => ({ postMessage: (message: ToHost) => fakeFormHost.receive(message), setState: () => {}, getState: () => undefined }),
});
