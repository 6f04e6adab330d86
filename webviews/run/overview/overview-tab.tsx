import type { JSX } from 'preact';
import { RunLink } from '../header/run-header.tsx';
import type { RunPage } from '../page.ts';
import { Section } from '../section.tsx';
import type { RunTab } from '../tabs.tsx';
import { Note } from './note.tsx';
import { ParamTable } from './param-table.tsx';
import { TagTable } from './tag-table.tsx';

export const overviewTab: RunTab = {
  id: 'overview',
  title: 'Overview',
  create: (page) => () => <Overview page={page} />,
};

const Overview = ({ page }: { readonly page: RunPage }): JSX.Element | null => {
  const run = page.run.value;
  if (run === undefined) return null;
  return (
    <>
      <Note page={page} note={run.note} />
      <ParamTable page={page} params={run.params} />
      <TagTable page={page} tags={run.tags} />
      <Children page={page} />
    </>
  );
};

const Children = ({ page }: { readonly page: RunPage }): JSX.Element | null => {
  const around = page.surroundings.value;
  if (around === undefined || around.children.length === 0) return null;
  return (
    <Section title={`Nested runs (${around.children.length}${around.hasMoreChildren ? '+' : ''})`}>
      <ul class="nested-runs">
        {around.children.map((child) => (
          <li key={child.runId}>
            <RunLink page={page} run={child} />
          </li>
        ))}
      </ul>
      {around.hasMoreChildren && <p class="muted">These are the first {around.children.length}; the others are in the table of the experiment.</p>}
    </Section>
  );
};
