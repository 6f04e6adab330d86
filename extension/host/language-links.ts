import * as vscode from 'vscode';
import type { Middleware } from 'vscode-languageclient/node';

import type { Commands } from './commands.ts';

const command = 'mlflow.models.openAddress' satisfies keyof Commands;

/** The server names models and runs by MLflow's own addresses; that this window has pages for them is known here. */
export const openStoreUrisByCommand: NonNullable<Middleware['provideDocumentLinks']> = async (document, token, next) =>
  (await next(document, token))?.map((link) => {
    const { target } = link;
    if (target === undefined || !['models', 'runs'].includes(target.scheme)) return link;
    const argument = { document: document.uri.toString(), uri: target.toString(true) };
    const opening = new vscode.DocumentLink(link.range, vscode.Uri.parse(`command:${command}?${encodeURIComponent(JSON.stringify([argument]))}`));
    opening.tooltip = `Open ${argument.uri}`;
    return opening;
  });
