import type { JSX } from 'preact';
import { useRef } from 'preact/hooks';
import type { RunPage } from './page.ts';
import type { RunTab } from './tabs.tsx';

export interface ShownTab extends RunTab {
  readonly Panel: () => JSX.Element;
}

interface TabsProps {
  readonly page: RunPage;
  readonly tabs: readonly ShownTab[];
}

/** Tabs as ARIA has them: one is in the order of the keyboard, arrows go to the others and show them. */
export const Tabs = ({ page, tabs }: TabsProps): JSX.Element => {
  const list = useRef<HTMLDivElement>(null);
  const shown = tabs.find(({ id }) => id === page.tab.value) ?? tabs[0];
  const onKeyDown = (event: KeyboardEvent): void => {
    const here = shown === undefined ? 0 : tabs.indexOf(shown);
    const next = { ArrowRight: (here + 1) % tabs.length, ArrowLeft: (here + tabs.length - 1) % tabs.length, Home: 0, End: tabs.length - 1 }[event.key];
    const tab = next === undefined ? undefined : tabs[next];
    if (tab === undefined) return;
    event.preventDefault();
    page.showTab(tab.id);
    list.current?.querySelector<HTMLElement>(`#tab-${tab.id}`)?.focus();
  };
  return (
    <>
      <div ref={list} class="tabs" role="tablist" aria-label="Parts of the run" onKeyDown={onKeyDown}>
        {tabs.map(({ id, title }) => (
          <button
            key={id}
            id={`tab-${id}`}
            type="button"
            class="tab"
            role="tab"
            aria-selected={id === shown?.id}
            aria-controls={id === shown?.id ? `panel-${id}` : undefined}
            tabIndex={id === shown?.id ? 0 : -1}
            onClick={() => page.showTab(id)}
          >
            {title}
          </button>
        ))}
      </div>
      {shown !== undefined && (
        <div key={shown.id} id={`panel-${shown.id}`} class="tab-panel" role="tabpanel" aria-labelledby={`tab-${shown.id}`}>
          <shown.Panel />
        </div>
      )}
    </>
  );
};
