import type { Signal } from '@preact/signals';
import type { JSX } from 'preact';

interface FilterBoxProps {
  readonly label: string;
  readonly filter: Signal<string>;
  onChange?(text: string): void;
}

export const FilterBox = ({ label, filter, onChange }: FilterBoxProps): JSX.Element => (
  <input
    class="input filter-box"
    type="search"
    aria-label={label}
    placeholder={label}
    value={filter.value}
    onInput={({ currentTarget: { value } }) => {
      filter.value = value;
      onChange?.(value);
    }}
  />
);

/** Those whose key has the text in it, whatever its case. */
export const keysWith = <Item extends { readonly key: string }>(items: readonly Item[], text: string): readonly Item[] => {
  const wanted = text.trim().toLowerCase();
  return wanted === '' ? items : items.filter(({ key }) => key.toLowerCase().includes(wanted));
};
