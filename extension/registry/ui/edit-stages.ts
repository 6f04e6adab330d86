import * as vscode from 'vscode';

import { tellChange } from '../../host/change-many.ts';
import type { RegisterCommand } from '../../host/commands.ts';
import { lineText } from '../../host/hostile-text.ts';
import type { Disposable } from '../../shared/disposables.ts';
import { MlflowError } from '../../shared/errors.ts';
import { stages, type Stage } from '../stage.ts';
import { othersInStage, takeBackTransition, transition } from '../transition.ts';
import { registryOf } from '../registry-of.ts';
import { type Chosen, clickedIn } from './chosen-rows.ts';
import type { VersionNode } from './registry-nodes.ts';
import { oneVersion } from './selection.ts';

export const registerStageEditing = (register: RegisterCommand, chosen: Chosen): Disposable =>
  register('mlflow.registry.transitionStage', (...row) => transitionStage(oneVersion(chosen(clickedIn(row)))));

const transitionStage = async (node: VersionNode): Promise<void> => {
  const { connection, name, version } = node;
  const registry = registryOf(connection);
  const { currentStage } = await registry.getModelVersion(name, version);
  if (currentStage === undefined) throw new MlflowError('INVALID_STATE', `${connection.label} has no stages: use aliases`);
  const stage = await chooseStage(`Stage of ${lineText(name, 80)} Version ${version}`, currentStage);
  if (stage === undefined || stage === currentStage) return;
  const archiveExistingVersions = await chooseArchiving(node, stage);
  if (archiveExistingVersions === undefined) return;
  const moved = await transition(registry, { name, version, stage, archiveExistingVersions });
  const archived = moved.slice(1).map((one) => String(one.version));
  const more = archived.length === 0 ? '' : `, and archived ${versionsText(archived)}`;
  tellChange({ done: moved }, `Moved version ${version} of “${lineText(name, 80)}” from ${currentStage} to ${stage}${more}.`, {
    title: 'Moving stages back',
    view: 'mlflow.registry',
    change: (one) => takeBackTransition(registry, one),
  });
};

const chooseStage = async (title: string, now: Stage): Promise<Stage | undefined> => {
  const items = stages.map((stage) => ({ label: stage, description: stage === now ? 'is here already' : '', stage }));
  return (await vscode.window.showQuickPick(items, { title, placeHolder: 'MLflow has deprecated stages: aliases do the same' }))?.stage;
};

/** Shows what would move along; undefined when given up. */
const chooseArchiving = async ({ connection, name, version }: VersionNode, stage: Stage): Promise<boolean | undefined> => {
  if (stage !== 'Staging' && stage !== 'Production') return false;
  const others = await othersInStage(registryOf(connection), { name, version, stage });
  if (others.length === 0) return false;
  const which = versionsText(others.map((other) => String(other.version)));
  const items = [
    { label: `Archive ${which}`, description: `from ${stage} to Archived`, archives: true },
    { label: `Leave ${which} in ${stage}`, description: '', archives: false },
  ];
  return (
    await vscode.window.showQuickPick(items, { title: `${which} ${others.length === 1 ? 'is' : 'are'} in ${stage}`, placeHolder: 'What shall become of them?' })
  )?.archives;
};

const mostNamed = 8;

const versionsText = (versions: readonly string[]): string => {
  const named = versions.slice(0, mostNamed).join(', ');
  return `${versions.length === 1 ? 'version' : 'versions'} ${named}${versions.length > mostNamed ? ` and ${versions.length - mostNamed} more` : ''}`;
};
