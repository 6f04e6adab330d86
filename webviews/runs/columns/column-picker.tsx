import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useId, useLayoutEffect, useRef } from 'preact/hooks';
import { Button, Checkbox, Icon } from '../../shared/controls.tsx';
import { usePage } from '../page.ts';
import { addColumn, removeColumn } from './arrange.ts';
import { columnChoices, type Choice, type ChoiceGroup } from './columns.ts';

/** Of a kind, as many are listed at once; the search finds the others. */
const mostListed = 100;

/** A button that opens the list of everything that can be a column. */
export const ColumnPicker = (): JSX.Element => {
  const open = useSignal(false);
  const button = useRef<HTMLButtonElement>(null);
  const area = useRef<HTMLDivElement>(null);
  const id = useId();
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || !open.peek()) return;
    event.stopPropagation();
    open.value = false;
    button.current?.focus();
  };
  const onFocusOut = (event: FocusEvent): void => {
    // A click on plain text within the list gives the focus to nothing.
    const left = event.relatedTarget instanceof Node && area.current?.contains(event.relatedTarget) !== true;
    if (left) open.value = false;
  };
  return (
    <div ref={area} class="menu-area" onKeyDown={onKeyDown} onFocusOut={onFocusOut}>
      <button
        ref={button}
        type="button"
        class="button"
        aria-haspopup="dialog"
        aria-expanded={open.value}
        aria-controls={id}
        onClick={() => (open.value = !open.value)}
      >
        <Icon name="list-selection" />
        <span>Columns</span>
      </button>
      {open.value && (
        <div id={id} class="column-picker" role="dialog" aria-label="Columns">
          <Choices />
        </div>
      )}
    </div>
  );
};

const Choices = (): JSX.Element => {
  const { facets, view, change } = usePage();
  const search = useSignal('');
  const input = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => input.current?.focus(), []);
  const wanted = search.value.trim().toLowerCase();
  const groups = columnChoices(facets.value)
    .map(({ title, choices }) => ({ title, choices: choices.filter((choice) => choice.title.toLowerCase().includes(wanted)) }))
    .filter(({ choices }) => choices.length > 0);
  const reset = (): void => {
    const { columns: _, ...others } = view.peek();
    change({ ...others });
  };
  return (
    <>
      <input
        ref={input}
        class="input"
        type="search"
        placeholder="Search columns"
        aria-label="Search columns"
        value={search.value}
        onInput={(event) => (search.value = event.currentTarget.value)}
      />
      <div class="column-groups">
        {groups.length === 0 && <p class="column-note">No column matches “{search.value}”.</p>}
        {groups.map((group) => (
          <ChoiceList key={group.title} group={group} />
        ))}
        {facets.value?.notes.map((note) => (
          <p key={note} class="column-note">
            {note}
          </p>
        ))}
      </div>
      <div class="column-actions">
        <Button icon="discard" onClick={reset}>
          Usual Columns
        </Button>
      </div>
    </>
  );
};

const ChoiceList = ({ group: { title, choices } }: { readonly group: ChoiceGroup }): JSX.Element => {
  const { view, columns, changeColumns } = usePage();
  const shown = new Set((view.value.columns ?? columns.value).map(({ id }) => id));
  const toggle = ({ id }: Choice, checked: boolean): void => changeColumns((all) => (checked ? addColumn(all, id) : removeColumn(all, id)));
  const rest = choices.length - mostListed;
  return (
    <section aria-label={title}>
      <h2 class="column-kind">
        <span>{title}</span>
        <span class="badge">{choices.length.toLocaleString('en-US')}</span>
      </h2>
      {choices.slice(0, mostListed).map((choice) => (
        <div key={choice.id} class="column-choice" title={choice.title}>
          <Checkbox label={choice.title} checked={shown.has(choice.id)} onChange={(checked) => toggle(choice, checked)} />
          {choice.runs !== undefined && <span class="column-count">{choice.runs.toLocaleString('en-US')}</span>}
        </div>
      ))}
      {rest > 0 && <p class="column-note">{rest.toLocaleString('en-US')} more: search for them.</p>}
    </section>
  );
};
