import { useComputed, useSignal, useSignalEffect } from '@preact/signals';
import type { JSX } from 'preact';
import { useRef } from 'preact/hooks';
import type { FilterProblem } from '../../../schemas/runs-protocol.ts';
import { usePage } from '../page.ts';
import { complete, type Completion, type Suggestion } from './complete.ts';

const checkDelay = 150;
const listId = 'filter-suggestions';
const none: Completion = { from: 0, to: 0, suggestions: [] };

/** The filter: completes keys and values of the runs, underlines what a server would refuse. Enter applies it. */
export const FilterBox = (): JSX.Element => {
  const page = usePage();
  const { draft, view, change, facets, about } = page;
  const input = useRef<HTMLInputElement>(null);
  const mirror = useRef<HTMLDivElement>(null);
  const completion = useSignal(none);
  const chosen = useSignal(-1);
  const problems = useProblems();
  useFocusOnStart(input);

  const close = (): void => {
    completion.value = none;
    chosen.value = -1;
  };
  const offer = (): void => {
    const cursor = input.current?.selectionStart ?? draft.peek().length;
    completion.value = complete(draft.peek(), cursor, { facets: facets.peek(), isRich: about.peek()?.isRich === true });
    chosen.value = -1;
  };
  const accept = ({ text }: Suggestion): void => {
    const { from, to } = completion.peek();
    const before = draft.peek();
    const begun = before.slice(0, from) + text + (text.endsWith('(') ? '' : ' ');
    draft.value = begun + before.slice(to).trimStart();
    if (input.current === null) return;
    // At once, and not with the next picture: what is typed meanwhile belongs behind it.
    input.current.value = draft.peek();
    input.current.setSelectionRange(begun.length, begun.length);
    offer();
  };
  const apply = (): void => {
    close();
    if (draft.peek().trim() !== view.peek().filter) change({ filter: draft.peek().trim() });
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (pressInList(event, { completion: completion.peek(), chosen, accept, close })) return event.preventDefault();
    if (event.key === 'Enter') return apply();
    if (event.key === ' ' && event.ctrlKey) return (event.preventDefault(), offer());
    if (event.key === 'ArrowDown') return (event.preventDefault(), offer());
  };
  const { suggestions } = completion.value;
  const problem = problems.value[0];
  return (
    <div class="filter">
      <div class="filter-box">
        <div ref={mirror} class="filter-mirror" aria-hidden="true">
          <Underlined text={draft.value} problems={problems.value} />
        </div>
        <input
          ref={input}
          class="input"
          type="text"
          role="combobox"
          spellcheck={false}
          autocomplete="off"
          placeholder="Filter runs, e.g. metrics.rmse < 0.8 AND params.model = 'tree'"
          aria-label="Filter runs"
          aria-autocomplete="list"
          aria-expanded={suggestions.length > 0}
          aria-controls={listId}
          aria-activedescendant={chosen.value >= 0 ? `${listId}-${chosen.value}` : undefined}
          aria-invalid={problem !== undefined}
          aria-describedby={problem === undefined ? undefined : 'filter-problem'}
          value={draft.value}
          onInput={(event) => ((draft.value = event.currentTarget.value), offer())}
          onKeyDown={onKeyDown}
          onBlur={close}
          onScroll={(event) => mirror.current?.scrollTo({ left: event.currentTarget.scrollLeft })}
        />
        {suggestions.length > 0 && <Suggestions suggestions={suggestions} chosen={chosen.value} onAccept={accept} />}
      </div>
      {problem !== undefined && (
        <p id="filter-problem" class="filter-problem" role="alert">
          {problem.message}
        </p>
      )}
    </div>
  );
};

interface ListKeys {
  readonly completion: Completion;
  readonly chosen: { value: number; peek(): number };
  accept(suggestion: Suggestion): void;
  close(): void;
}

/** Whether the list of suggestions took the key. */
const pressInList = (event: KeyboardEvent, { completion: { suggestions }, chosen, accept, close }: ListKeys): boolean => {
  if (suggestions.length === 0) return false;
  const at = chosen.peek();
  const suggestion = suggestions[event.key === 'Tab' ? Math.max(0, at) : at];
  if ((event.key === 'Enter' || event.key === 'Tab') && suggestion !== undefined && !event.shiftKey) return (accept(suggestion), true);
  if (event.key === 'Escape') return (close(), true);
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step === undefined) return false;
  chosen.value = (Math.max(at + step, at < 0 ? 0 : at + step) + suggestions.length) % suggestions.length;
  return true;
};

const Suggestions = ({
  suggestions,
  chosen,
  onAccept,
}: {
  readonly suggestions: readonly Suggestion[];
  readonly chosen: number;
  onAccept(suggestion: Suggestion): void;
}): JSX.Element => (
  <ul id={listId} class="suggestions" role="listbox" aria-label="Suggestions">
    {suggestions.map((suggestion, index) => (
      <li
        key={suggestion.text}
        id={`${listId}-${index}`}
        ref={(element) => void (index === chosen && element?.scrollIntoView({ block: 'nearest' }))}
        class={`suggestion${index === chosen ? ' chosen' : ''}`}
        role="option"
        aria-selected={index === chosen}
        onMouseDown={(event) => (event.preventDefault(), onAccept(suggestion))}
      >
        <span class="suggestion-text">{suggestion.text}</span>
        {suggestion.detail !== undefined && <span class="suggestion-detail">{suggestion.detail}</span>}
      </li>
    ))}
  </ul>
);

const Underlined = ({ text, problems }: { readonly text: string; readonly problems: readonly FilterProblem[] }): JSX.Element => {
  const [problem] = problems;
  if (problem === undefined) return <>{text}</>;
  const start = Math.min(problem.start, text.length);
  // What is missing at the end is underlined there.
  const end = Math.max(start + 1, problem.end);
  return (
    <>
      {text.slice(0, start)}
      <span class="wrong">{text.slice(start, end).padEnd(1, '\u00a0')}</span>
      {text.slice(end)}
    </>
  );
};

/** What is wrong with what is written; asked for once the person pauses. */
const useProblems = () => {
  const { host, draft } = usePage();
  const problems = useSignal<readonly FilterProblem[]>([]);
  const text = useComputed(() => draft.value);
  useSignalEffect(() => {
    const filter = text.value;
    const abort = new AbortController();
    const timer = setTimeout(() => {
      void host.request('checkFilter', { filter }, abort.signal).then(
        (found) => (problems.value = found),
        () => (problems.value = []),
      );
    }, checkDelay);
    return () => (clearTimeout(timer), abort.abort());
  });
  return problems;
};

/** *Filter by This…* writes into the box and goes there. */
const useFocusOnStart = (input: { readonly current: HTMLInputElement | null }): void => {
  const { draft } = usePage();
  useSignalEffect(() => {
    if (!draft.value.endsWith(' ') || document.activeElement === input.current) return;
    const { length } = draft.value;
    requestAnimationFrame(() => (input.current?.focus(), input.current?.setSelectionRange(length, length)));
  });
};
