import { useComputed, useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { isSystemSection } from '../../schemas/metric-sections.ts';
import { Button, Icon } from '../shared/controls.tsx';
import { FileProblems } from './file-problems.tsx';
import { LiveRegion } from '../shared/announcer.tsx';
import { ReloadNotice } from '../shared/reload-notice.tsx';
import type { Visibility } from '../shared/visibility.ts';
import type { CardPlace } from './cards/card.tsx';
import { CardView } from './cards/card-view.tsx';
import { columnsIn } from './cards/resize.ts';
import { DifferenceTable } from './difference/difference-table.tsx';
import { usePage, useView } from './page.ts';
import { RunChips } from './run-chips.tsx';
import { cardText, matchesFilter, toSections, type Section } from './sections.ts';
import { SelectionBar } from './selection-bar.tsx';
import { Toolbar } from './toolbar.tsx';

export const App = ({ visibility }: { readonly visibility: Visibility }): JSX.Element => {
  const page = usePage();
  const { snapshot, failure, runs } = page;
  return (
    <main class="page" aria-label="Compare runs">
      <h1 class="visually-hidden">Compare runs</h1>
      <ReloadNotice alive={page.host.alive} />
      {failure.value !== undefined && (
        <div class="notice notice-error" role="alert">
          <Icon name="error" />
          <span>{failure.value}</span>
        </div>
      )}
      <FileProblems />
      {snapshot.value === undefined ? <p class="page-message">{failure.value === undefined ? 'Reading the runs…' : ''}</p> : <RunChips />}
      {snapshot.value !== undefined && runs.value.length === 0 && (
        <div class="page-message">
          <p>No runs to compare. Choose some here, or select runs in the MLflow view and choose Compare Runs.</p>
          <Button icon="add" onClick={page.addRuns}>
            Choose Runs…
          </Button>
        </div>
      )}
      {runs.value.length > 0 && (
        <>
          <Toolbar />
          <SelectionBar />
          <Sections visibility={visibility} />
          {page.isSettled.value && <DifferenceTable />}
        </>
      )}
      <LiveRegion announcer={page.announcer} />
    </main>
  );
};

const Sections = ({ visibility }: { readonly visibility: Visibility }): JSX.Element => {
  const { cards, view } = usePage();
  const filter = useComputed(() => view.value.metricFilter);
  const sections = useComputed(() => toSections(cards.value.filter((card) => matchesFilter(cardText(card), filter.value))));
  const area = useRef<HTMLDivElement>(null);
  const columns = useSignal(1);
  useLayoutEffect(() => {
    const measure = (): void => void (columns.value = columnsIn(area.current?.clientWidth ?? 0));
    measure();
    const observer = new ResizeObserver(measure);
    if (area.current !== null) observer.observe(area.current);
    return () => observer.disconnect();
  }, []);
  return (
    <div ref={area} class="sections">
      {sections.value.length === 0 && (
        <p class="page-message">{filter.value === '' ? 'These runs have logged no metrics.' : `No metric matches “${filter.value}”.`}</p>
      )}
      {sections.value.map((section) => (
        <SectionOfCards key={section.id} section={section} visibility={visibility} columns={columns.value} />
      ))}
    </div>
  );
};

interface SectionProps {
  readonly section: Section;
  readonly visibility: Visibility;
  readonly columns: number;
}

/** The machine's own figures start collapsed: the list holds the sections that are not as they started. */
const SectionOfCards = ({ section: { id, title, cards }, visibility, columns }: SectionProps): JSX.Element => {
  const { change } = usePage();
  const collapsedSections = useView('collapsedSections');
  const toggled = collapsedSections.includes(id);
  const open = toggled === isSystemSection(id);
  const toggle = (): void => change({ collapsedSections: toggled ? collapsedSections.filter((other) => other !== id) : [...collapsedSections, id] });
  return (
    <section aria-label={title}>
      <h2 class="section-bar">
        <button type="button" class="section-toggle" aria-expanded={open} onClick={toggle}>
          <Icon name={open ? 'chevron-down' : 'chevron-right'} />
          <span class="section-title">{title}</span>
          <span class="badge">{cards.length}</span>
        </button>
      </h2>
      {open && (
        <div class="cards">
          {cards.map((spec, index) => (
            <CardView key={spec.id} spec={spec} place={placeOf({ visibility, columns }, cards[index - 1]?.id, cards[index + 1]?.id)} />
          ))}
        </div>
      )}
    </section>
  );
};

const placeOf = (place: Pick<CardPlace, 'visibility' | 'columns'>, before: string | undefined, after: string | undefined): CardPlace => ({
  ...place,
  ...(before !== undefined && { before }),
  ...(after !== undefined && { after }),
});
