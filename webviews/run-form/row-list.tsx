import type { JSX } from 'preact';
import { useId } from 'preact/hooks';
import { Icon, IconButton } from '../shared/controls.tsx';
import { useForm } from './form.ts';
import { Problem } from './parameter-field.tsx';
import { newRow, type Row } from './typed.ts';

type RowKind = 'parameter' | 'variable' | 'option';

interface RowListProps {
  readonly title: string;
  readonly hint: string;
  readonly add: string;
  readonly kind: RowKind;
  readonly rows: readonly Row[];
  onChange(rows: readonly Row[]): void;
}

/** Names and values that nobody has declared. */
export const RowList = ({ title, hint, add, kind, rows, onChange }: RowListProps): JSX.Element => (
  <fieldset>
    <legend>{title}</legend>
    {rows.map((row) => (
      <RowFields
        key={row.id}
        row={row}
        kind={kind}
        onChange={(changed) => onChange(rows.map((each) => (each.id === row.id ? changed : each)))}
        onRemove={() => onChange(rows.filter((each) => each.id !== row.id))}
      />
    ))}
    <div class="add-row">
      <button type="button" class="button" onClick={() => onChange([...rows, newRow()])}>
        <Icon name="add" />
        <span>{add}</span>
      </button>
      <span class="muted">{hint}</span>
    </div>
  </fieldset>
);

interface RowFieldsProps {
  readonly row: Row;
  readonly kind: RowKind;
  onChange(row: Row): void;
  onRemove(): void;
}

const RowFields = ({ row, kind, onChange, onRemove }: RowFieldsProps): JSX.Element => {
  const form = useForm();
  const id = useId();
  const field = `${kind}:${row.key}` as const;
  const problem = form.problemOf(field);
  const common = { class: 'input', spellcheck: false, 'aria-describedby': id, 'aria-invalid': problem !== undefined, onBlur: () => form.touch(field) };
  return (
    <div class="line line-row">
      <input
        {...common}
        type="text"
        aria-label={`Name of the ${kind}`}
        placeholder="name"
        value={row.key}
        onInput={(event) => onChange({ ...row, key: event.currentTarget.value })}
      />
      <div class="control">
        <div class="input-and-buttons">
          <input
            {...common}
            type="text"
            aria-label={row.key === '' ? `Value of the ${kind}` : `Value of ${row.key}`}
            placeholder="value"
            value={row.value}
            onInput={(event) => onChange({ ...row, value: event.currentTarget.value })}
          />
          <IconButton icon="trash" label={row.key === '' ? `Remove the ${kind}` : `Remove ${row.key}`} onClick={onRemove} />
        </div>
        <Problem id={id} problem={problem} />
      </div>
    </div>
  );
};
