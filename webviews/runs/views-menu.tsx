import type { JSX } from 'preact';
import type { SavedView } from '../../schemas/runs-protocol.ts';
import { defaultRunsView } from '../../schemas/runs-view.ts';
import { MenuButton, type MenuItem } from '../shared/menu.tsx';
import { usePage, type RunsPage } from './page.ts';

/** Views that were saved: those of the workspace first, then the person's own. */
export const ViewsMenu = (): JSX.Element => {
  const page = usePage();
  const { savedViews, view, saveView, applyView } = page;
  const shared = savedViews.value.filter(({ file }) => file !== undefined);
  const own = savedViews.value.filter(({ file }) => file === undefined);
  const items: readonly MenuItem[] = [
    ...shared.map((saved) => viewItem(page, saved)),
    ...(shared.length > 0 ? (['separator'] as const) : []),
    ...own.map((saved) => viewItem(page, saved)),
    ...(own.length > 0 ? (['separator'] as const) : []),
    { label: 'Save View to File…', onChoose: () => saveView(view.peek(), 'file') },
    { label: 'Save View for Me…', onChoose: () => saveView(view.peek(), 'private') },
    ...own.map(({ name }): MenuItem => ({ label: `Forget “${name}”`, onChoose: () => page.removePrivateView(name) })),
    'separator',
    { label: 'Reset View', onChoose: () => applyView(defaultRunsView) },
  ];
  return <MenuButton icon="bookmark" label="Saved views" text="Views" items={items} />;
};

/** A view with mistakes is not applied: its file is opened where the first one is. */
const viewItem = ({ applyView, openViewAsText, failure, announcer }: RunsPage, { name, file, view, problems }: SavedView): MenuItem => ({
  label: problems.length === 0 ? name : `${name} (has mistakes)`,
  onChoose: () => {
    const [problem] = problems;
    if (problem === undefined) {
      applyView(view);
      return announcer.say(`Shows the view ${name}`);
    }
    failure.value = `${file ?? name}, line ${problem.line}: ${problem.message}`;
    if (file !== undefined) openViewAsText(file, problem.line);
  },
});
