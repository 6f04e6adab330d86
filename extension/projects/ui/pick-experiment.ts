import * as vscode from 'vscode';

import { iconSafeText } from '../../host/hostile-text.ts';
import type { TrackingStore } from '../../tracking/tracking-store.ts';

/** Experiments offered; others are found by typing their name. */
const offered = 1_000;

interface ExperimentItem extends vscode.QuickPickItem {
  readonly name: string;
}

/** The name of an experiment, there already or new; undefined when given up. */
export const pickExperiment = async (tracking: TrackingStore, current: string | undefined): Promise<string | undefined> => {
  const { items } = await tracking.searchExperiments({ maxResults: offered, orderBy: ['last_update_time DESC'] });
  const names = items.map(({ name }) => name).toSorted((a, b) => Number(b === current) - Number(a === current));
  const pick = vscode.window.createQuickPick<ExperimentItem>();
  const { promise, resolve } = Promise.withResolvers<string | undefined>();
  const show = (): void => {
    const typed = pick.value.trim();
    const created =
      typed === '' || names.includes(typed) ? [] : [{ label: `$(add) ${iconSafeText(typed)}`, description: 'new experiment', name: typed, alwaysShow: true }];
    pick.items = [...names.map((name) => ({ label: iconSafeText(name), ...(name === current ? { description: 'last used' } : {}), name })), ...created];
  };
  pick.title = 'Experiment';
  pick.placeholder = 'Choose an experiment, or type the name of a new one';
  pick.ignoreFocusOut = true;
  pick.onDidChangeValue(show);
  pick.onDidAccept(() => resolve(pick.selectedItems[0]?.name));
  pick.onDidHide(() => resolve(undefined));
  show();
  pick.show();
  const name = await promise;
  pick.dispose();
  return name;
};
