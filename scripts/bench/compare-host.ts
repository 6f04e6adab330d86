import { silentLogger } from '../../extension/shared/logger.ts';
import type { LocalConnection } from '../../extension/tracking/local-connection.ts';
import { CompareSession, type PageActions } from '../../extension/tracking/ui/compare-session.ts';
import type { ComparedRuns } from '../../extension/tracking/ui/page-runs.ts';
import type { CompareProtocol } from '../../schemas/webview-protocol.ts';
import { servePage, windowWith, type PageHost } from './page-host.ts';

/** Serves the page that compares these runs. */
export const serveComparePage = async (connection: LocalConnection, runs: ComparedRuns): Promise<PageHost> =>
  await servePage<CompareProtocol>({
    name: 'compare',
    open: (page) => new CompareSession({ page, stores: windowWith(connection), actions: {} as PageActions, log: silentLogger, runs }),
  });
