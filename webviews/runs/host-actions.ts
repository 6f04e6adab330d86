import type { MetricDirection } from '../../schemas/metric-direction.ts';
import type { ExportFormat, RunsProtocol, RunsQuery } from '../../schemas/runs-protocol.ts';
import type { RunsView } from '../../schemas/runs-view.ts';
import type { Announcer } from '../shared/announcer.tsx';
import type { HostClient } from '../shared/host.ts';
import type { Selection } from './selection.ts';

interface Surroundings {
  readonly host: HostClient<RunsProtocol>;
  readonly selection: Selection;
  readonly announcer: Announcer;
  /** What the table shows, in its order. */
  query(): RunsQuery;
  report(error: unknown): void;
}

/** As many as charts can show. */
export const mostCompared = 1000;

const countRuns = (count: number): string => (count === 1 ? '1 run' : `${count.toLocaleString('en-US')} runs`);

/** What a person does on the page that the host has to do. Failures are told on the page. */
export const createHostActions = ({ host, selection, announcer, query, report }: Surroundings) => {
  const chosen = (): readonly string[] => [...selection.runIds.peek()];
  return {
    compareSelected: () => void host.request('compare', { runIds: chosen() }).catch(report),
    compareAll: () =>
      void selection
        .first(mostCompared)
        .then(async (runIds) => host.request('compare', { runIds }))
        .catch(report),
    deleteSelected: () => {
      const runIds = chosen();
      void host.request('deleteRuns', { runIds }).then(() => selection.forget(runIds), report);
    },
    restoreSelected: () => {
      const runIds = chosen();
      void host.request('restoreRuns', { runIds }).then(() => selection.forget(runIds), report);
    },
    tagSelected: () => void host.request('setTag', { runIds: chosen() }).catch(report),
    colorSelected: (color: string | null) => void host.request('setColor', { runIds: chosen(), color }).catch(report),
    starSelected: (starred: boolean) => void host.request('star', { runIds: chosen(), starred }).catch(report),
    sayDirection: (key: string, direction: MetricDirection) => void host.request('sayDirection', { key, direction }).catch(report),
    askStep: (key: string, take: (step: number) => void) => void host.request('askStep', { key }).then((step) => step !== null && take(step), report),
    copyIds: () => {
      const runIds = chosen();
      void host.request('copyIds', { runIds }).then(() => announcer.say(`Copied the IDs of ${countRuns(runIds.length)}`), report);
    },
    copyRows: () => {
      const runIds = chosen();
      void host.request('copyRows', { runIds, query: query() }).then(() => announcer.say(`Copied ${countRuns(runIds.length)}`), report);
    },
    openRun: (runId: string) => void host.request('openRun', { runId }).catch(report),
    /** Of the selected runs, or of all when none are. */
    exportRows: (format: ExportFormat) => {
      const runIds = chosen();
      void host
        .request('exportRows', { query: query(), format, ...(runIds.length > 0 && { runIds }) })
        .then((saved) => saved !== null && announcer.say(`Saved ${countRuns(saved.runs)} to ${saved.file}`), report);
    },
    saveView: (view: RunsView, place: 'file' | 'private') => void host.request('saveView', { view, place }).catch(report),
    removePrivateView: (name: string) => void host.request('removePrivateView', { name }).catch(report),
    openViewAsText: (file: string, line: number) => void host.request('openViewAsText', { file, line }).catch(report),
  };
};

export type HostActions = ReturnType<typeof createHostActions>;
