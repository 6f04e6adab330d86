import { silentLogger } from '../../extension/shared/logger.ts';
import type { LocalConnection } from '../../extension/tracking/local-connection.ts';
import { PendingEdits } from '../../extension/tracking/pending-edits.ts';
import { createRunMetrics } from '../../extension/tracking/ui/run-metrics-part.ts';
import { createRunOverview } from '../../extension/tracking/ui/run-overview-part.ts';
import type { RunParts } from '../../extension/tracking/ui/run-parts.ts';
import type { RunActions } from '../../extension/tracking/ui/run-requests.ts';
import { RunSession } from '../../extension/tracking/ui/run-session.ts';
import type { RunProtocol } from '../../schemas/run-protocol.ts';
import { servePage, windowWith, type PageHost } from './page-host.ts';
import { runId } from './run-store.ts';

const unasked = () => ({ requests: {}, dispose: () => {} });

/** Serves the page of the run that was made for the benchmark. */
export const serveRunPage = async (connection: LocalConnection): Promise<PageHost> => {
  const stores = windowWith(connection);
  const edits = new PendingEdits();
  const overview = createRunOverview({ stores, edits, editNote: async () => {} });
  const measured = { overview, metrics: createRunMetrics({ stores, compareMetric: () => {} }) };
  // The tabs that are not measured ask for nothing before they are looked at.
  const parts = new Proxy(measured, { get: (known, tab) => Reflect.get(known, tab) ?? unasked }) as unknown as RunParts;
  const window = { isTrusted: () => true, isFocused: () => true };
  return await servePage<RunProtocol>({
    name: 'run',
    open: (page) =>
      new RunSession({ page, stores, edits, parts, window, actions: {} as RunActions, log: silentLogger, state: { store: connection.id, runId } }),
  });
};
