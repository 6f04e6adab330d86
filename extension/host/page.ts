import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';

import type { PageProtocol, ToPage } from '../../schemas/webview-protocol.ts';
import { type Disposable, Disposables } from '../shared/disposables.ts';
import type { Logger } from '../shared/logger.ts';
import { pageHtml } from './page-html.ts';
import { createAnswering, type PageBehaviour } from './page-messages.ts';

export interface Page<P extends PageProtocol> extends Disposable {
  readonly panel: vscode.WebviewPanel;
  send<Name extends keyof P['events'] & string>(name: Name, payload: P['events'][Name]): void;
  /** What the panel's serializer gets after a restart. */
  keep(state: unknown): void;
}

interface PageOptions<P extends PageProtocol> {
  readonly panel: vscode.WebviewPanel;
  readonly extensionUri: vscode.Uri;
  /** Folder under webviews/, and the name of its bundle. */
  readonly bundle: string;
  /** Of its tab: `media/<icon>-dark.svg` and `-light.svg`. */
  readonly icon?: string;
  readonly log: Logger;
  readonly connect: (page: Page<P>) => PageBehaviour<P>;
}

/** Fills the panel with the page and answers its messages until the panel is closed. */
export const createPage = <P extends PageProtocol>({ panel, extensionUri, bundle, icon, log, connect }: PageOptions<P>): Page<P> => {
  const owned = new Disposables();
  let isOpen = true;
  const post = (message: ToPage): void => {
    // A closed panel throws, and answers may come late.
    if (isOpen) void panel.webview.postMessage(message);
  };
  const page: Page<P> = {
    panel,
    send: (name, payload) => post({ kind: 'event', name, payload }),
    keep: (state) => post({ kind: 'keep', state }),
    dispose: () => {
      isOpen = false;
      owned.dispose();
    },
  };
  const answering = owned.own(createAnswering(connect(page), post, log));
  owned.own(panel.webview.onDidReceiveMessage((message: unknown) => answering.receive(message)));
  owned.own(panel.onDidDispose(() => page.dispose()));
  if (icon !== undefined) panel.iconPath = iconPath(extensionUri, icon);
  showBundle(panel.webview, vscode.Uri.joinPath(extensionUri, 'dist', 'webviews'), bundle);
  return page;
};

const iconPath = (extensionUri: vscode.Uri, icon: string): { readonly light: vscode.Uri; readonly dark: vscode.Uri } => ({
  light: vscode.Uri.joinPath(extensionUri, 'media', `${icon}-light.svg`),
  dark: vscode.Uri.joinPath(extensionUri, 'media', `${icon}-dark.svg`),
});

const showBundle = (webview: vscode.Webview, root: vscode.Uri, bundle: string): void => {
  webview.options = { enableScripts: true, localResourceRoots: [root] };
  webview.html = pageHtml({
    nonce: randomBytes(24).toString('base64'),
    cspSource: webview.cspSource,
    script: webview.asWebviewUri(vscode.Uri.joinPath(root, `${bundle}.js`)).toString(),
    style: webview.asWebviewUri(vscode.Uri.joinPath(root, `${bundle}.css`)).toString(),
  });
};
