import type { LspRequest } from '../../schemas/lsp-protocol.ts';
import type { Disposable } from '../shared/disposables.ts';
import type { Event } from '../shared/emitter.ts';

/** One request of the language server, and what answers it. */
export interface LanguageAnswer {
  readonly method: string;
  readonly answer: (parameters: unknown, signal: AbortSignal) => Promise<unknown>;
}

/** What the language server may ask of this window. */
export interface LanguageAnswers extends Disposable {
  readonly answers: readonly LanguageAnswer[];
  /** Earlier answers may no longer hold. */
  readonly onDidChange: Event<void>;
}

/** Checks the types of both sides of a request; the envelope itself has none. */
export const answering = <Parameters, Result>(
  { method }: LspRequest<Parameters, Result>,
  answer: (parameters: Parameters, signal: AbortSignal) => Promise<Result>,
): LanguageAnswer => ({ method, answer: async (parameters, signal) => answer(parameters as Parameters, signal) });
