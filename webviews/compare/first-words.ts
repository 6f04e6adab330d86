import type { CompareProtocol } from '../../schemas/webview-protocol.ts';
import { createHostClient } from '../shared/host.ts';
import { openVsCodeChannel } from '../shared/vscode-channel.ts';

/** Said before the rest of the page's script runs, which takes as long as the answers: these come when it has run, to listeners that are there by then. */
export const host = createHostClient<CompareProtocol>(openVsCodeChannel());
host.ready();
export const known = host.request('knownHistories', null);
