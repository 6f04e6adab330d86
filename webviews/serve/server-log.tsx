import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { IconButton } from '../shared/controls.tsx';
import { useTryIt } from './try-it.ts';

/** What the server prints: open by itself until it is ready, and when it has failed. */
export const ServerLog = (): JSX.Element | null => {
  const tryIt = useTryIt();
  const chosen = useSignal<boolean | undefined>(undefined);
  const end = useRef<HTMLPreElement>(null);
  const text = tryIt.log.value;
  const kind = tryIt.page.value?.state.kind;
  const isOpen = chosen.value ?? (kind === 'starting' || kind === 'failed');
  useLayoutEffect(() => {
    if (end.current !== null) end.current.scrollTop = end.current.scrollHeight;
  }, [text, isOpen]);
  if (text === '' && kind !== 'starting') return null;
  return (
    <section class="log" aria-label="Log of the server">
      <div class="section-head">
        <button type="button" class="disclosure" aria-expanded={isOpen} onClick={() => (chosen.value = !isOpen)}>
          <span class={`codicon codicon-chevron-${isOpen ? 'down' : 'right'}`} aria-hidden="true" />
          <span>Log</span>
        </button>
        <IconButton icon="go-to-file" label="Open the log in an editor" onClick={() => void tryIt.act('openLog')} />
      </div>
      {isOpen && (
        <pre ref={end} tabIndex={0} aria-label="Log">
          {text === '' ? 'Nothing yet: loading mlflow takes some seconds.' : text}
        </pre>
      )}
    </section>
  );
};
