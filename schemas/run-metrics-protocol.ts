/** What the tab *Metrics* of a run's page asks of the extension host. */

import type { MetricDirection } from './metric-direction.ts';
import type { PageProtocol } from './webview-protocol.ts';
import type { HistoriesRequest } from './workbench-api.ts';

export interface RunMetricsProtocol extends PageProtocol {
  readonly requests: {
    /** Of this run, in the layout of `HistoriesHeader`. */
    readonly histories: { readonly params: Omit<HistoriesRequest, 'runIds'>; readonly result: ArrayBuffer };
    /** Opens a page that compares, with the card of this metric. */
    readonly compareMetric: { readonly params: { readonly key: string }; readonly result: null };
    /** For the run's experiment. */
    readonly sayDirection: { readonly params: { readonly key: string; readonly direction: MetricDirection }; readonly result: null };
  };
  readonly events: {
    /** Histories of these keys grew. */
    readonly metricsGrown: readonly string[];
  };
}
