import type { JSX } from 'preact';
import { useId } from 'preact/hooks';
import { Button, IconButton } from '../../shared/controls.tsx';
import { useTryIt } from '../try-it.ts';
import type { ColumnField } from './fields.ts';
import { emptyRow } from './form.ts';
import { Problem } from './request.tsx';
import { ValueInput } from './value-input.tsx';

/** Few columns are a table; many are a list of fields for each row. */
const widest = 8;

export const TableForm = ({ columns }: { readonly columns: readonly ColumnField[] }): JSX.Element => {
  const tryIt = useTryIt();
  const { rows } = tryIt.typed.value;
  const setRows = (changed: readonly (readonly string[])[]): void => tryIt.change({ rows: changed });
  return (
    <div class="table-form">
      {columns.length <= widest ? <Table columns={columns} /> : <Records columns={columns} />}
      <div class="buttons">
        <Button icon="add" onClick={() => setRows([...rows, rows.at(-1) ?? emptyRow(columns)])}>
          Add row
        </Button>
      </div>
    </div>
  );
};

const Table = ({ columns }: { readonly columns: readonly ColumnField[] }): JSX.Element => {
  const tryIt = useTryIt();
  return (
    <div class="scroller">
      <table>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.label} scope="col" class={tryIt.isBlamed(column.label) ? 'blamed' : ''}>
                <ColumnHead column={column} />
              </th>
            ))}
            <th>
              <span class="visually-hidden">Remove</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {tryIt.typed.value.rows.map((_, row) => (
            <tr key={row}>
              {columns.map((column, index) => (
                <td key={column.label}>
                  <Cell column={column} row={row} index={index} />
                </td>
              ))}
              <td>
                <RemoveRow row={row} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
};

const Records = ({ columns }: { readonly columns: readonly ColumnField[] }): JSX.Element => {
  const tryIt = useTryIt();
  return (
    <>
      {tryIt.typed.value.rows.map((_, row) => (
        <fieldset key={row} class="record">
          <legend>
            Row {row + 1} <RemoveRow row={row} />
          </legend>
          {columns.map((column, index) => (
            <div key={column.label} class={`record-field${tryIt.isBlamed(column.label) ? ' blamed' : ''}`}>
              <ColumnHead column={column} />
              <Cell column={column} row={row} index={index} />
            </div>
          ))}
        </fieldset>
      ))}
    </>
  );
};

const ColumnHead = ({ column: { label, typeText, isRequired } }: { readonly column: ColumnField }): JSX.Element => (
  <span class="field-head" title={label}>
    <span class="field-name">{label}</span> <span class="muted">{isRequired ? typeText : `${typeText}, optional`}</span>
  </span>
);

const Cell = ({ column, row, index }: { readonly column: ColumnField; readonly row: number; readonly index: number }): JSX.Element => {
  const tryIt = useTryIt();
  const id = useId();
  const place = { kind: 'cell', row, column: index } as const;
  const problem = tryIt.problemAt(place);
  const { rows } = tryIt.typed.value;
  const change = (text: string): void => tryIt.change({ rows: rows.map((cells, at) => (at === row ? withCell(cells, index, text) : cells)) });
  return (
    <>
      <ValueInput
        id={id}
        label={`${column.label}, row ${row + 1}`}
        type={column.type}
        isRequired={column.isRequired}
        value={rows[row]?.[index] ?? ''}
        problem={problem}
        onChange={change}
        onLeave={() => tryIt.touch(place)}
      />
      <Problem id={`${id}-problem`} message={problem} />
    </>
  );
};

const withCell = (cells: readonly string[], index: number, text: string): readonly string[] => cells.map((cell, at) => (at === index ? text : cell));

const RemoveRow = ({ row }: { readonly row: number }): JSX.Element => {
  const tryIt = useTryIt();
  const { rows } = tryIt.typed.value;
  return (
    <IconButton
      icon="trash"
      label={`Remove row ${row + 1}`}
      disabled={rows.length <= 1}
      onClick={() => tryIt.change({ rows: rows.filter((_, at) => at !== row) })}
    />
  );
};
