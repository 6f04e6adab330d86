import type { JSX } from 'preact';
import type { DataType } from '../../../schemas/model-signature.ts';
import { controlFor } from './fields.ts';

interface ValueInputProps {
  readonly id: string;
  readonly label: string;
  readonly type: DataType;
  readonly isRequired: boolean;
  readonly value: string;
  readonly problem: string | undefined;
  readonly placeholder?: string;
  onChange(text: string): void;
  onLeave(): void;
}

/** A problem that appears while a button is pressed would move the button away from under the pointer. */
export const leaving =
  (onLeave: () => void) =>
  ({ relatedTarget }: FocusEvent): void => {
    if (!(relatedTarget instanceof HTMLButtonElement)) onLeave();
  };

/** What a browser's own field for dates can show. */
const plainDateTime = /^(\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?)?$/;

/** The control for a value of a type. */
export const ValueInput = ({ id, label, type, isRequired, value, problem, placeholder, onChange, onLeave }: ValueInputProps): JSX.Element => {
  const props = {
    id,
    'aria-label': label,
    'aria-invalid': problem !== undefined,
    'aria-required': isRequired,
    ...(problem !== undefined && { 'aria-describedby': `${id}-problem` }),
    onBlur: leaving(onLeave),
  };
  const control = controlFor(type);
  if (control === 'boolean') {
    return (
      <span class="select">
        <select {...props} value={value} onChange={(event) => onChange(event.currentTarget.value)}>
          {(!isRequired || value === '') && <option value="">{placeholder ?? ''}</option>}
          <option value="true">true</option>
          <option value="false">false</option>
        </select>
        <span class="codicon codicon-chevron-down" aria-hidden="true" />
      </span>
    );
  }
  if (control === 'json' && (value.length > 40 || value.includes('\n'))) {
    const rows = Math.min(6, Math.max(2, value.split('\n').length));
    return <textarea {...props} class="input" value={value} rows={rows} spellcheck={false} onInput={(event) => onChange(event.currentTarget.value)} />;
  }
  const text = { ...props, class: 'input', value, onInput: (event: { readonly currentTarget: HTMLInputElement }) => onChange(event.currentTarget.value) };
  if (control === 'datetime' && plainDateTime.test(value)) return <input {...text} type="datetime-local" step={0.001} />;
  const hint = placeholder ?? placeholders[control];
  return <input {...text} type="text" inputMode={control === 'number' ? 'decimal' : 'text'} placeholder={hint} spellcheck={false} />;
};

const placeholders = { boolean: '', number: '', datetime: '2026-01-31T12:00:00', text: '', json: 'JSON' } as const;
