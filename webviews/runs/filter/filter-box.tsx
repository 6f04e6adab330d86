import { useComputed, useSignal, useSignalEffect, type Signal } from '@preact/signals';
import type { JSX } from 'preact';
import { useRef } from 'preact/hooks';
import type { FilterProblem } from '../../../schemas/runs-protocol.ts';
import { usePage } from '../page.ts';
import { complete, type Completion, type Suggestion } from './complete.ts';

const checkDelay = 150;
const listId = 'filter-suggestions';
const problemId = 'filter-problem';
const none: Completion = { from: 0, to: 0, suggestions: [] };

/** The filter: completes keys and values of the runs, underlines what a server would refuse. Enter applies it. */
export const FilterBox = (): JSX.Element => {
  const { draft } = usePage();
  const mirror = useRef<HTMLDivElement>(null);
  const problems = useProblems();
  const problem = problems.value[0];
  return (
    <div class="filter">
      <div class="filter-box">
        <div ref={mirror} class="filter-mirror" aria-hidden="true">
          <Underlined text={draft.value} problems={problems.value} />
        </div>
        <FilterInput isWrong={problem !== undefined} onScroll={(left) => mirror.current?.scrollTo({ left })} />
      </div>
      {problem !== undefined && (
        <p id={problemId} class="filter-problem" role="alert">
          {problem.message}
        </p>
      )}
    </div>
  );
};

const FilterInput = ({ isWrong, onScroll }: { readonly isWrong: boolean; onScroll(left: number): void }): JSX.Element => {
  const { draft } = usePage();
  const input = useRef<HTMLInputElement>(null);
  const list = useSuggestions(input);
  const onKeyDown = useFilterKeys(list);
  useFocusOnStart(input);
  const { suggestions } = list.completion.value;
  const chosen = list.chosen.value;
  return (
    <>
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
        aria-activedescendant={chosen >= 0 ? `${listId}-${chosen}` : undefined}
        aria-invalid={isWrong}
        aria-describedby={isWrong ? problemId : undefined}
        value={draft.value}
        onInput={(event) => ((draft.value = event.currentTarget.value), list.offer())}
        onKeyDown={onKeyDown}
        onBlur={list.close}
        onScroll={(event) => onScroll(event.currentTarget.scrollLeft)}
      />
      {suggestions.length > 0 && <Suggestions suggestions={suggestions} chosen={chosen} onAccept={list.accept} />}
    </>
  );
};

interface SuggestionList {
  readonly completion: Signal<Completion>;
  /** -1: none. */
  readonly chosen: Signal<number>;
  offer(): void;
  accept(suggestion: Suggestion): void;
  close(): void;
}

/** What could stand where the cursor is. */
const useSuggestions = (input: { readonly current: HTMLInputElement | null }): SuggestionList => {
  const { draft, facets, about } = usePage();
  const completion = useSignal(none);
  const chosen = useSignal(-1);
  const show = (next: Completion): void => {
    completion.value = next;
    chosen.value = -1;
  };
  const offer = (): void => {
    const cursor = input.current?.selectionStart ?? draft.peek().length;
    show(complete(draft.peek(), cursor, { facets: facets.peek(), isRich: about.peek()?.isRich === true }));
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
  return { completion, chosen, offer, accept, close: () => show(none) };
};

const useFilterKeys = (list: SuggestionList): ((event: KeyboardEvent) => void) => {
  const { draft, view, change } = usePage();
  const apply = (): void => {
    list.close();
    if (draft.peek().trim() !== view.peek().filter) change({ filter: draft.peek().trim() });
  };
  return (event) => {
    if (pressInList(event, list)) return event.preventDefault();
    if (event.key === 'Enter') return apply();
    if (event.key === 'ArrowDown' || (event.key === ' ' && event.ctrlKey)) return (event.preventDefault(), list.offer());
  };
};

/** Whether the list of suggestions took the key. */
const pressInList = (event: KeyboardEvent, { completion, chosen, accept, close }: SuggestionList): boolean => {
  const { suggestions } = completion.peek();
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
