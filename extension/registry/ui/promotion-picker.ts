import * as vscode from 'vscode';

import { Disposables } from '../../shared/disposables.ts';
import { hasPassed, type GateResult } from '../gate-evaluation.ts';
import type { VersionSnapshot } from '../version-snapshot.ts';
import { promotionSections, type Row } from './promotion-rows.ts';

export interface PromotionQuestion {
  readonly title: string;
  readonly candidate: VersionSnapshot;
  readonly champion: VersionSnapshot | undefined;
  readonly results: readonly GateResult[];
}

interface PromotionItem extends vscode.QuickPickItem {
  readonly promotes?: boolean;
}

/** Candidate and champion side by side under the question; whether the user wants it. */
export const askToPromote = async (question: PromotionQuestion): Promise<boolean> => {
  const owned = new Disposables();
  const picker = owned.own(vscode.window.createQuickPick<PromotionItem>());
  const { promise, resolve } = Promise.withResolvers<boolean>();
  picker.title = question.title;
  picker.placeholder = placeholderOf(question);
  picker.ignoreFocusOut = true;
  picker.matchOnDescription = true;
  picker.items = [action(question), ...rowsOf(question)];
  owned.own(picker.onDidAccept(() => picker.selectedItems[0]?.promotes === true && resolve(true)));
  owned.own(picker.onDidHide(() => resolve(false)));
  picker.show();
  try {
    return await promise;
  } finally {
    owned.dispose();
  }
};

const placeholderOf = ({ champion, results }: PromotionQuestion): string => {
  const against = champion === undefined ? 'Nothing is there yet' : `Against version ${champion.version.version}`;
  if (results.length === 0) return `${against}; no gate asks for anything`;
  const failed = results.filter(({ passed }) => !passed).length;
  return `${against}; ${failed === 0 ? passText(results.length) : `${failed} of ${results.length} checks of the gate fail`}`;
};

const passText = (count: number): string => (count === 1 ? 'the check of the gate passes' : `all ${count} checks of the gate pass`);

const action = ({ results }: PromotionQuestion): PromotionItem =>
  hasPassed(results)
    ? { label: '$(rocket) Promote', promotes: true, alwaysShow: true }
    : { label: '$(warning) Promote in spite of the gate…', description: 'asks for a reason', promotes: true, alwaysShow: true };

const rowsOf = ({ candidate, champion, results }: PromotionQuestion): readonly PromotionItem[] =>
  promotionSections(candidate, champion, results).flatMap(({ title, rows }) => [
    { label: title, kind: vscode.QuickPickItemKind.Separator },
    ...rows.map(({ icon, label, description }: Row) => ({ label: icon === '' ? label : `$(${icon}) ${label}`, description })),
  ]);
