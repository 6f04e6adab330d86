import type { JSX } from 'preact';
import { useId } from 'preact/hooks';
import { useForm } from './form.ts';

/** What exactly would run, as it changes. */
export const CommandPreview = (): JSX.Element => {
  const { preview } = useForm();
  const id = useId();
  const shown = preview.value;
  return (
    <section class="command" aria-labelledby={id}>
      <h2 id={id}>Command</h2>
      {shown?.command === undefined ? (
        <p class="muted">{shown?.problem ?? (shown === undefined ? '' : 'It is shown once the values above are right.')}</p>
      ) : (
        <>
          <pre tabIndex={0} aria-label="Command">
            {shown.command}
          </pre>
          <p class="muted">in {shown.directory}</p>
        </>
      )}
    </section>
  );
};
