/** What the tab *Overview* of a run's page asks of the extension host. */

import type { PageProtocol } from './webview-protocol.ts';

export interface RunOverviewProtocol extends PageProtocol {
  readonly requests: {
    readonly setTag: { readonly params: { readonly key: string; readonly value: string }; readonly result: null };
    readonly deleteTag: { readonly params: { readonly key: string }; readonly result: null };
    /** Opens the note in an editor. */
    readonly editNote: { readonly params: null; readonly result: null };
  };
  readonly events: Readonly<Record<never, never>>;
}
