/** What the tab *Overview* of a run's page asks of the extension host. */

export interface RunOverviewProtocol {
  readonly requests: {
    readonly setTag: { readonly params: { readonly key: string; readonly value: string }; readonly result: null };
    readonly deleteTag: { readonly params: { readonly key: string }; readonly result: null };
    /** Opens the note in an editor. */
    readonly editNote: { readonly params: null; readonly result: null };
  };
}
