import { batch, computed, signal, type ReadonlySignal } from '@preact/signals';
import type { ScoringReply, ScoringRequest } from '../../../schemas/serve-page.ts';
import type { Exchange } from '../view.ts';
import { readReply } from './read-reply.ts';

const longestHistory = 20;

/** What was asked and answered, the newest first. */
export interface Exchanges {
  readonly history: ReadonlySignal<readonly Exchange[]>;
  /** The one whose reply is shown. */
  readonly shown: ReadonlySignal<Exchange | undefined>;
  /** Whether the reply that is shown is about a field of this name. */
  isBlamed(label: string): boolean;
  record(request: ScoringRequest, reply: ScoringReply): void;
  restore(history: readonly Exchange[]): void;
  show(exchange: Exchange | undefined): void;
}

export const createExchanges = (): Exchanges => {
  const history = signal<readonly Exchange[]>([]);
  const shown = signal<Exchange>();
  const blamed = computed((): ReadonlySet<string> => {
    const read = shown.value && readReply(shown.value.reply);
    return new Set(read?.kind === 'failure' ? read.failure.fields : []);
  });
  return {
    history,
    shown,
    isBlamed: (label) => blamed.value.has(label),
    record: (request, reply) =>
      batch(() => {
        const exchange: Exchange = { request, reply, time: Date.now() };
        shown.value = exchange;
        history.value = [exchange, ...history.value].slice(0, longestHistory);
      }),
    restore: (kept) => (history.value = kept),
    show: (exchange) => (shown.value = exchange),
  };
};
