import { readdir } from 'node:fs/promises';
import * as vscode from 'vscode';

import { iconSafeText } from '../../host/hostile-text.ts';
import { MlflowError } from '../../shared/errors.ts';
import { isScriptName } from '../project.ts';
import { entryPointOf, type ChosenEntryPoint } from './start-run.ts';
import { findProjects, isReadable, openFolder, type FoundProject, type UnreadableProject } from './workspace-projects.ts';

interface EntryPointItem extends vscode.QuickPickItem {
  readonly chosen?: ChosenEntryPoint;
}

/** Asks which one when there are several; undefined when given up. Where nothing is declared, scripts are entry points. */
export const pickEntryPoint = async (title: string, among?: readonly FoundProject[]): Promise<ChosenEntryPoint | undefined> => {
  const candidates = among ?? (await projectsOfWorkspace());
  const projects = candidates.filter(isReadable);
  const all = (await Promise.all(projects.map(entryPointsOf))).flat();
  const [first, second] = all;
  if (first === undefined) throw noEntryPoint(candidates);
  if (second === undefined) return first;
  const items = projects.flatMap((found) => [separator(found), ...all.filter((chosen) => chosen.found === found).map(toItem)]);
  const picked = await vscode.window.showQuickPick<EntryPointItem>(items, { title, placeHolder: 'Choose an entry point', matchOnDescription: true });
  return picked?.chosen;
};

/** Where there is no MLproject file, the folders themselves. */
const projectsOfWorkspace = async (): Promise<readonly (FoundProject | UnreadableProject)[]> => {
  const projects = await findProjects();
  if (projects.length > 0) return projects;
  return await Promise.all((vscode.workspace.workspaceFolders ?? []).map(async ({ uri }) => await openFolder(uri)));
};

const entryPointsOf = async (found: FoundProject): Promise<readonly ChosenEntryPoint[]> => {
  const { project } = found;
  if (project.entryPoints.length > 0) return project.entryPoints.map((entryPoint) => ({ found, entryPoint }));
  const scripts = (await readdir(project.directory)).filter(isScriptName).toSorted();
  return scripts.map((name) => ({ found, entryPoint: entryPointOf(project, name) }));
};

const noEntryPoint = (candidates: readonly (FoundProject | UnreadableProject)[]): MlflowError => {
  const unreadable = candidates.find((candidate): candidate is UnreadableProject => !isReadable(candidate));
  if (unreadable !== undefined) return new MlflowError('INVALID_PARAMETER_VALUE', `The project ${unreadable.label} cannot be read. ${unreadable.problem}`);
  return new MlflowError('RESOURCE_DOES_NOT_EXIST', 'There is neither an MLproject file with an entry point nor a .py or .sh script');
};

const separator = ({ label }: FoundProject): EntryPointItem => ({ label, kind: vscode.QuickPickItemKind.Separator });

const toItem = (chosen: ChosenEntryPoint): EntryPointItem => ({
  label: iconSafeText(chosen.entryPoint.name),
  description: iconSafeText(chosen.entryPoint.command ?? ''),
  chosen,
});
