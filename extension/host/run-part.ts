import type { PageProtocol } from '../../schemas/webview-protocol.ts';
import type { Disposable } from '../shared/disposables.ts';
import type { RunReference } from './commands.ts';
import type { RequestHandlers } from './page-messages.ts';

/** The run that a page is about, as the host's side of one of its tabs sees it. */
export interface RunOnPage<P extends PageProtocol> {
  readonly run: RunReference;
  /** Lost while the page is hidden: it is thrown away then, and starts anew. */
  send<Name extends keyof P['events'] & string>(name: Name, payload: P['events'][Name]): void;
}

export type RunChange = { readonly kind: 'run' } | { readonly kind: 'metrics'; readonly keys: readonly string[] };

/** The host's side of one tab of a run's page: what the tab asks of it. */
export interface RunPart<P extends PageProtocol> extends Disposable {
  readonly requests: RequestHandlers<P>;
  /** Somebody has written into the run. */
  onChange?(change: RunChange): void;
}

/** Called for each page that is opened; the page disposes of the part. */
export type CreateRunPart<P extends PageProtocol> = (page: RunOnPage<P>) => RunPart<P>;
