import * as vscode from 'vscode';

import { iconSafeText } from '../../host/hostile-text.ts';
import { MlflowError } from '../../shared/errors.ts';
import type { EntryPoint } from '../entry-point.ts';
import { findProjects, isReadable, type FoundProject, type UnreadableProject } from './workspace-projects.ts';

export interface ChosenEntryPoint {
  readonly found: FoundProject;
  readonly entryPoint: EntryPoint;
}

interface EntryPointItem extends vscode.QuickPickItem {
  readonly chosen?: ChosenEntryPoint;
}

/** Asks which one when there are several; undefined when given up. */
export const pickEntryPoint = async (title: string, among?: readonly FoundProject[]): Promise<ChosenEntryPoint | undefined> => {
  const candidates = among ?? (await findProjects());
  const projects = candidates.filter(isReadable);
  const all = projects.flatMap((found) => found.project.entryPoints.map((entryPoint): ChosenEntryPoint => ({ found, entryPoint })));
  const [first, second] = all;
  if (first === undefined) throw noEntryPoint(candidates);
  if (second === undefined) return first;
  const items = projects.flatMap((found) => [separator(found), ...all.filter((chosen) => chosen.found === found).map(toItem)]);
  const picked = await vscode.window.showQuickPick<EntryPointItem>(items, { title, placeHolder: 'Choose an entry point', matchOnDescription: true });
  return picked?.chosen;
};

const noEntryPoint = (candidates: readonly (FoundProject | UnreadableProject)[]): MlflowError => {
  const unreadable = candidates.find((candidate): candidate is UnreadableProject => !isReadable(candidate));
  if (unreadable === undefined) return new MlflowError('RESOURCE_DOES_NOT_EXIST', 'There is no MLproject file with an entry point');
  return new MlflowError('INVALID_PARAMETER_VALUE', `The project ${unreadable.label} cannot be read. ${unreadable.problem}`);
};

const separator = ({ label }: FoundProject): EntryPointItem => ({ label, kind: vscode.QuickPickItemKind.Separator });

const toItem = (chosen: ChosenEntryPoint): EntryPointItem => ({
  label: iconSafeText(chosen.entryPoint.name),
  description: iconSafeText(chosen.entryPoint.command ?? ''),
  chosen,
});
