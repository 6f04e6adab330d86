import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

interface EditFieldProps {
  readonly label: string;
  readonly value: string;
  /** Whether an empty text is refused. */
  readonly needsText?: boolean;
  /** The field is to go. */
  onDone(): void;
  onSave(value: string): Promise<void>;
}

/** A text that is edited where it stands: Enter saves, Escape gives up, and so does leaving the field. */
export const EditField = ({ label, value, needsText = false, onDone, onSave }: EditFieldProps): JSX.Element => {
  const field = useRef<HTMLInputElement>(null);
  const isWrong = useSignal(false);
  useLayoutEffect(() => field.current?.select(), []);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') onDone();
    if (event.key !== 'Enter') return;
    event.preventDefault();
    const text = field.current?.value ?? '';
    isWrong.value = needsText && text.trim() === '';
    if (isWrong.peek()) return;
    onDone();
    void onSave(text);
  };
  return (
    <input
      ref={field}
      class="input edit-field"
      type="text"
      aria-label={label}
      aria-invalid={isWrong.value}
      defaultValue={value}
      onKeyDown={onKeyDown}
      onBlur={onDone}
    />
  );
};
