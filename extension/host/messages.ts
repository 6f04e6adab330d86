import * as vscode from 'vscode';

import { withoutLinks } from './hostile-text.ts';

interface Say {
  <Answer extends string>(message: string, ...answers: readonly Answer[]): Thenable<Answer | undefined>;
  <Answer extends string>(message: string, options: vscode.MessageOptions, ...answers: readonly Answer[]): Thenable<Answer | undefined>;
}

type Show = typeof vscode.window.showInformationMessage;

/** VS Code's own, but for links: names, and what servers answer, are in most messages. */
const sayBy =
  (show: Show): Say =>
  <Answer extends string>(message: string, first?: Answer | vscode.MessageOptions, ...answers: readonly Answer[]) => {
    const text = withoutLinks(message);
    if (typeof first === 'object') return show(text, first, ...answers);
    return show(text, ...(first === undefined ? [] : [first]), ...answers);
  };

export const sayInformation = sayBy(vscode.window.showInformationMessage);
export const sayWarning = sayBy(vscode.window.showWarningMessage);
export const sayError = sayBy(vscode.window.showErrorMessage);
