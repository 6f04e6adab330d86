import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';

/** Characters and lines of a value that are shown until somebody asks for the rest. */
const mostCharacters = 400;
const mostLines = 6;

/** A value that others wrote, isolated from what stands around it; a long one is cut until it is asked for. */
export const LongText = ({ text }: { readonly text: string }): JSX.Element => {
  const whole = useSignal(false);
  const short = shorten(text);
  return (
    <>
      <bdi class="long-text">{whole.value ? text : short}</bdi>
      {short !== text && (
        <button type="button" class="link" aria-expanded={whole.value} onClick={() => (whole.value = !whole.value)}>
          {whole.value ? 'Show less' : `Show all ${text.length.toLocaleString('en-US')} characters`}
        </button>
      )}
    </>
  );
};

export const shorten = (text: string): string => {
  const lines = text.split('\n', mostLines + 1);
  const some = lines.slice(0, mostLines).join('\n');
  if (lines.length <= mostLines && some.length <= mostCharacters) return text;
  return `${some.slice(0, mostCharacters).replace(/[\uD800-\uDBFF]$/, '')}…`;
};
