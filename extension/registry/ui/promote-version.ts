import { join } from 'node:path';
import * as vscode from 'vscode';

import type { Gate } from '../../../schemas/gates.ts';
import { tellChange } from '../../host/change-many.ts';
import type { RegisterCommand } from '../../host/commands.ts';
import { iconSafeText, lineText } from '../../host/hostile-text.ts';
import type { Disposable } from '../../shared/disposables.ts';
import type { StoreConnection } from '../../tracking/store-connection.ts';
import { findChampion, targetText, type Target } from '../champion.ts';
import { evaluateGates, hasPassed, type GateResult } from '../gate-evaluation.ts';
import { FaultyGates, gateFilePath, readGateFile } from '../gate-file.ts';
import { promote, takeBackPromotion, type Promotion } from '../promotion.ts';
import { readSnapshot, type VersionSnapshot } from '../version-snapshot.ts';
import { registryOf } from '../registry-of.ts';
import { type Chosen, clickedIn } from './chosen-rows.ts';
import { filesOf } from './copy-versions.ts';
import { askToPromote } from './promotion-picker.ts';
import type { VersionNode } from './registry-nodes.ts';
import { oneVersion } from './selection.ts';
import { chooseTarget } from './choose-target.ts';

export const registerPromoting = (register: RegisterCommand, chosen: Chosen): Disposable =>
  register('mlflow.registry.promoteVersion', (...row) => promoteVersion(oneVersion(chosen(clickedIn(row)))));

const promoteVersion = async (node: VersionNode): Promise<void> => {
  const gates = await readGatesOf(node);
  if (gates === undefined) return;
  const target = await chooseTarget(node);
  if (target === undefined) return;
  const [candidate, champion] = await readBoth(node, target);
  const results = evaluateGates(gates, candidate, champion);
  const title = `Promote ${lineText(node.name, 60)} Version ${node.version} to ${lineText(targetText(target), 40)}`;
  if (!(await askToPromote({ title, candidate, champion, results }))) return;
  const gate = results.length === 0 ? 'none' : hasPassed(results) ? 'passed' : 'overridden';
  const reason = await askReason(title, gate, results);
  if (reason !== undefined) await carryOut(node, { name: node.name, version: node.version, target, champion: champion?.version.version, gate, reason });
};

/** The gates of the model; a faulty file is shown at its first mistake, and nothing is promoted. */
const readGatesOf = async ({ connection, name }: VersionNode): Promise<readonly Gate[] | undefined> => {
  const folder = folderOf(connection);
  if (folder === undefined) return [];
  try {
    return await readGateFile(join(folder, gateFilePath), name);
  } catch (error) {
    if (error instanceof FaultyGates) await showLine(error);
    throw error;
  }
};

const folderOf = ({ folder }: StoreConnection): string | undefined => folder ?? vscode.workspace.workspaceFolders?.[0]?.uri.fsPath;

const showLine = async ({ path, line }: FaultyGates): Promise<void> => {
  const place = new vscode.Position(line - 1, 0);
  await vscode.window.showTextDocument(vscode.Uri.file(path), { selection: new vscode.Range(place, place) });
};

const readBoth = async ({ connection, name, version }: VersionNode, target: Target): Promise<readonly [VersionSnapshot, VersionSnapshot | undefined]> => {
  const store = filesOf(connection);
  const progress = { location: { viewId: 'mlflow.registry' }, title: 'Comparing versions' };
  return await vscode.window.withProgress(progress, async () => {
    const champion = await findChampion(store.registry, name, target);
    return await Promise.all([readSnapshot(store, { name, version }), champion === undefined ? undefined : readSnapshot(store, { name, version: champion })]);
  });
};

/** An override needs one; otherwise the numbers speak, and a reason is welcome. */
const askReason = async (title: string, gate: Promotion['gate'], results: readonly GateResult[]): Promise<string | undefined> => {
  const isOverride = gate === 'overridden';
  const failed = results.filter(({ passed }) => !passed).map(({ check }) => lineText(check, 40));
  return await vscode.window.showInputBox({
    title: `Reason to ${title}`,
    prompt: isOverride ? `Why in spite of ${failed.join(', ')}? It is kept as a tag of the version` : 'Why? It is kept as a tag of the version; may be empty',
    validateInput: (text) => (isOverride && text.trim() === '' ? 'Overriding a gate needs a reason' : undefined),
  });
};

const carryOut = async ({ connection }: VersionNode, promotion: Promotion): Promise<void> => {
  const registry = registryOf(connection);
  const promoted = await promote(registry, promotion, Date.now());
  const { name, version, target, champion } = promotion;
  const after = champion === undefined || champion === version ? '' : `, after version ${champion}`;
  tellChange({ done: [promoted] }, `Promoted version ${version} of “${lineText(name, 80)}” to ${iconSafeText(targetText(target), 80)}${after}.`, {
    title: 'Taking a promotion back',
    view: 'mlflow.registry',
    change: (done) => takeBackPromotion(registry, done),
  });
};
