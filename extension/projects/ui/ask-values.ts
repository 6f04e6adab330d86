import { existsSync } from 'node:fs';
import * as vscode from 'vscode';

import { lineText } from '../../host/hostile-text.ts';
import type { EntryPoint, Parameter } from '../entry-point.ts';
import { missingParameters, pathSource, valueProblem, type GivenValues } from '../parameters.ts';

export interface AskOptions {
  readonly entryPoint: EntryPoint;
  readonly directory: string;
  /** What is known already. */
  readonly values: GivenValues;
}

/** Asks for what has no value; undefined when given up. */
export const askMissingValues = async (options: AskOptions): Promise<GivenValues | undefined> =>
  await askValues(missingParameters(options.entryPoint, options.values), options);

const askValues = async (parameters: readonly Parameter[], { entryPoint, directory, values }: AskOptions): Promise<GivenValues | undefined> => {
  const given = new Map(values);
  for (const [index, parameter] of parameters.entries()) {
    const title = lineText(`${entryPoint.name}: ${parameter.name}${parameters.length > 1 ? ` (${index + 1} of ${parameters.length})` : ''}`);
    const value = await askValue({ parameter, directory, title, value: given.get(parameter.name) ?? parameter.defaultValue ?? '' });
    if (value === undefined) return undefined;
    if (value === parameter.defaultValue) given.delete(parameter.name);
    else given.set(parameter.name, value);
  }
  return given;
};

interface Question {
  readonly parameter: Parameter;
  readonly directory: string;
  readonly title: string;
  readonly value: string;
}

const browse: vscode.QuickInputButton = { iconPath: new vscode.ThemeIcon('folder-opened'), tooltip: 'Browse…' };

const askValue = async ({ parameter, directory, title, value }: Question): Promise<string | undefined> => {
  const input = vscode.window.createInputBox();
  const { promise, resolve } = Promise.withResolvers<string | undefined>();
  const validate = (): string | undefined => problemOf(parameter, input.value, directory);
  input.title = title;
  input.value = value;
  input.prompt = promptOf(parameter);
  input.ignoreFocusOut = true;
  input.buttons = parameter.type === 'path' ? [browse] : [];
  input.onDidChangeValue(() => (input.validationMessage = validate()));
  let isBrowsing = false;
  input.onDidTriggerButton(async () => {
    isBrowsing = true;
    input.value = (await pickPath(directory)) ?? input.value;
    isBrowsing = false;
    input.show();
  });
  input.onDidAccept(() => {
    input.validationMessage = validate();
    if (input.validationMessage === undefined) resolve(input.value);
  });
  // Where the editor has no file dialog of its own, browsing takes the place of this box.
  input.onDidHide(() => !isBrowsing && resolve(undefined));
  input.show();
  const answer = await promise;
  input.dispose();
  return answer;
};

const promptOf = ({ type, defaultValue }: Parameter): string =>
  lineText(`${type}${defaultValue === undefined ? '' : `, by default ${defaultValue === '' ? 'empty' : defaultValue}`}`);

const problemOf = (parameter: Parameter, value: string, directory: string): string | undefined => {
  const problem = valueProblem(parameter, value);
  if (problem !== undefined || parameter.type !== 'path') return problem;
  const source = pathSource(value, directory);
  return source.kind === 'local' && !existsSync(source.path) ? `There is no ${source.path}` : undefined;
};

export const pickPath = async (directory: string): Promise<string | undefined> => {
  const [picked] = (await vscode.window.showOpenDialog({ defaultUri: vscode.Uri.file(directory), canSelectFolders: true, canSelectFiles: true })) ?? [];
  return picked?.fsPath;
};
