import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { Icon, Slider } from '../../shared/controls.tsx';
import type { RunPage } from '../page.ts';
import type { ByteSource } from '../../shared/readers/byte-source.ts';
import { openNpy, type NpyArray } from './readers/npy.ts';
import type { Table } from '../../shared/readers/table.ts';
import { TableView } from './table-view.tsx';

interface ArrayProps {
  readonly page: RunPage;
  readonly array: NpyArray;
  readonly source: ByteSource;
}

/** The last two dimensions as a table, a slider for each of those before. */
export const ArrayView = ({ page, array, source }: ArrayProps): JSX.Element => {
  const before = array.shape.slice(0, -2);
  const leading = useSignal<readonly number[]>(before.map(() => 0));
  const shown = useSignal<{ readonly table: Table } | { readonly failure: string } | undefined>(undefined);
  useEffect(() => {
    let isCurrent = true;
    openNpy(source, array, leading.value).then(
      (table) => isCurrent && (shown.value = { table }),
      (error: unknown) => isCurrent && (shown.value = { failure: error instanceof Error ? error.message : String(error) }),
    );
    return () => void (isCurrent = false);
  }, [leading.value]);
  const move = (dimension: number, index: number): void => void (leading.value = leading.peek().map((old, other) => (other === dimension ? index : old)));
  return (
    <>
      <p class="muted artifact-note">
        {array.dtype}, {array.shape.length === 0 ? 'a single value' : `shape ${array.shape.join(' × ')}`}
      </p>
      {before.map((length, dimension) => (
        <div key={dimension} class="buttons">
          <Slider
            label={`Dimension ${dimension}`}
            value={leading.value[dimension] ?? 0}
            min={0}
            max={Math.max(0, length - 1)}
            step={1}
            text={String(leading.value[dimension] ?? 0)}
            onChange={(index) => move(dimension, index)}
          />
        </div>
      ))}
      {shown.value !== undefined && 'table' in shown.value && <TableView page={page} table={shown.value.table} />}
      {shown.value !== undefined && 'failure' in shown.value && (
        <p class="notice notice-warning" role="alert">
          <Icon name="warning" />
          <span>{shown.value.failure}</span>
        </p>
      )}
    </>
  );
};
