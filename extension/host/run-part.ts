import type { PageProtocol } from '../../schemas/webview-protocol.ts';
import type { Disposable } from '../shared/disposables.ts';
import type { RunReference } from './commands.ts';
import type { RequestHandlers } from './page-messages.ts';

/** What one tab asks of the host, and is told by it, if it is told anything. */
interface PartProtocol {
  readonly requests: PageProtocol['requests'];
  readonly events?: PageProtocol['events'];
}

/** The run that a page is about, as the host's side of one of its tabs sees it. */
export interface RunOnPage<P extends PartProtocol> {
  readonly run: RunReference;
  /** The part has written into the run itself: what is shown is read again, whether or not its store tells of changes. */
  changed(): void;
  /** Lost while the page is hidden: it is thrown away then, and starts anew. */
  send<Name extends keyof NonNullable<P['events']> & string>(name: Name, payload: NonNullable<P['events']>[Name]): void;
}

export type RunChange = { readonly kind: 'run' } | { readonly kind: 'metrics'; readonly keys: readonly string[] };

/** The host's side of one tab of a run's page: what the tab asks of it. */
export interface RunPart<P extends PartProtocol> extends Disposable {
  readonly requests: RequestHandlers<P>;
  /** Somebody has written into the run. */
  onChange?(change: RunChange): void;
}

/** Called for each page that is opened; the page disposes of the part. */
export type CreateRunPart<P extends PartProtocol> = (page: RunOnPage<P>) => RunPart<P>;
