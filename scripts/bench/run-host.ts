import { silentLogger } from '../../extension/shared/logger.ts';
import type { LocalConnection } from '../../extension/tracking/local-connection.ts';
import { createRunMetrics } from '../../extension/tracking/ui/run-metrics-part.ts';
import { createRunOverview } from '../../extension/tracking/ui/run-overview-part.ts';
import type { RunActions } from '../../extension/tracking/ui/run-requests.ts';
import { RunSession } from '../../extension/tracking/ui/run-session.ts';
import type { RunProtocol } from '../../schemas/run-protocol.ts';
import { servePage, windowWith, type PageHost } from './page-host.ts';
import { runId } from './run-store.ts';

/** Serves the page of the run that was made for the benchmark. */
export const serveRunPage = async (connection: LocalConnection): Promise<PageHost> => {
  const stores = windowWith(connection);
  const parts = { overview: createRunOverview({ stores, editNote: async () => {} }), metrics: createRunMetrics({ stores, compareMetric: () => {} }) };
  const window = { isTrusted: () => true, isFocused: () => true };
  return await servePage<RunProtocol>({
    name: 'run',
    open: (page) => new RunSession({ page, stores, parts, window, actions: {} as RunActions, log: silentLogger, state: { store: connection.id, runId } }),
  });
};
