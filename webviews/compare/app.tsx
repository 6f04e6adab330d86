import { useComputed } from '@preact/signals';
import type { JSX } from 'preact';
import { Icon } from '../shared/controls.tsx';
import { LiveRegion } from '../shared/announcer.tsx';
import { ReloadNotice } from '../shared/reload-notice.tsx';
import type { Visibility } from '../shared/visibility.ts';
import { DifferenceTable } from './difference/difference-table.tsx';
import { LineCard } from './lines/line-card.tsx';
import { usePage } from './page.ts';
import { RunChips } from './run-chips.tsx';
import { isSystemSection, matchesFilter, toSections, type Section } from './sections.ts';
import { Toolbar } from './toolbar.tsx';

export const App = ({ visibility }: { readonly visibility: Visibility }): JSX.Element => {
  const page = usePage();
  const { snapshot, failure, runs } = page;
  return (
    <main class="page" aria-label="Compare runs">
      <ReloadNotice alive={page.host.alive} />
      {failure.value !== undefined && (
        <div class="notice notice-error" role="alert">
          <Icon name="error" />
          <span>{failure.value}</span>
        </div>
      )}
      {snapshot.value === undefined ? <p class="page-message">{failure.value === undefined ? 'Reading the runs…' : ''}</p> : <RunChips />}
      {snapshot.value !== undefined && runs.value.length === 0 && (
        <p class="page-message">No runs to compare. Select runs in the MLflow view and choose Compare.</p>
      )}
      {runs.value.length > 0 && (
        <>
          <Toolbar />
          <Sections visibility={visibility} />
          <DifferenceTable />
        </>
      )}
      <LiveRegion announcer={page.announcer} />
    </main>
  );
};

const Sections = ({ visibility }: { readonly visibility: Visibility }): JSX.Element => {
  const { snapshot, view } = usePage();
  const filter = useComputed(() => view.value.metricFilter);
  const sections = useComputed(() => toSections((snapshot.value?.metricKeys ?? []).filter((key) => matchesFilter(key, filter.value))));
  if (sections.value.length === 0) {
    return <p class="page-message">{filter.value === '' ? 'These runs have logged no metrics.' : `No metric matches “${filter.value}”.`}</p>;
  }
  return (
    <>
      {sections.value.map((section) => (
        <SectionOfCards key={section.name} section={section} visibility={visibility} />
      ))}
    </>
  );
};

/** The machine's own figures start collapsed: the list holds the names of the sections that are not as they started. */
const SectionOfCards = ({ section, visibility }: { readonly section: Section; readonly visibility: Visibility }): JSX.Element => {
  const { view, change } = usePage();
  const { collapsedSections } = view.value;
  const toggled = collapsedSections.includes(section.name);
  const open = toggled === isSystemSection(section.name);
  const toggle = (): void =>
    change({ collapsedSections: toggled ? collapsedSections.filter((name) => name !== section.name) : [...collapsedSections, section.name] });
  const title = section.name === '' ? 'Metrics' : section.name;
  return (
    <section aria-label={title}>
      <h2 class="section-bar">
        <button type="button" class="section-toggle" aria-expanded={open} onClick={toggle}>
          <Icon name={open ? 'chevron-down' : 'chevron-right'} />
          <span class="section-title">{title}</span>
          <span class="badge">{section.keys.length}</span>
        </button>
      </h2>
      {open && (
        <div class="cards">
          {section.keys.map((key) => (
            <LineCard key={key} metric={key} visibility={visibility} />
          ))}
        </div>
      )}
    </section>
  );
};
