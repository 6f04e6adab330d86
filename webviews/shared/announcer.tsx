import { signal, type ReadonlySignal } from '@preact/signals';
import type { JSX } from 'preact';

/** Says something to a screen reader without moving the focus. */
export interface Announcer {
  readonly message: ReadonlySignal<string>;
  say(message: string): void;
}

export const createAnnouncer = (): Announcer => {
  const message = signal('');
  return { message, say: (text) => (message.value = text) };
};

export const LiveRegion = ({ announcer }: { readonly announcer: Announcer }): JSX.Element => (
  <div class="visually-hidden" role="status" aria-live="polite" data-testid="announcer">
    {announcer.message}
  </div>
);
