import type { JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { Button } from '../../shared/controls.tsx';
import type { TagEdits } from './tag-edits.ts';

export const NewTag = ({ edits, onDone }: { readonly edits: TagEdits; onDone(): void }): JSX.Element => {
  const form = useRef<HTMLFormElement>(null);
  useLayoutEffect(() => form.current?.querySelector('input')?.focus(), []);
  const add = async (): Promise<void> => {
    const [key, value] = [...(form.current?.querySelectorAll('input') ?? [])].map((field) => field.value);
    if (key !== undefined && key !== '' && (await edits.add({ key, value: value ?? '' }))) onDone();
  };
  return (
    <form
      ref={form}
      class="new-tag"
      aria-label="New tag"
      onKeyDown={(event) => event.key === 'Escape' && onDone()}
      onSubmit={(event) => {
        event.preventDefault();
        void add();
      }}
    >
      <input class="input" type="text" aria-label="Name of the tag" placeholder="Name" required />
      <input class="input" type="text" aria-label="Value of the tag" placeholder="Value" />
      <button type="submit" class="button button-primary">
        Add
      </button>
      <Button onClick={onDone}>Cancel</Button>
    </form>
  );
};
