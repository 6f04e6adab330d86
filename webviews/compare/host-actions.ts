import type { Signal } from '@preact/signals';
import type { MetricDirection } from '../../schemas/metric-direction.ts';
import type { CompareProtocol } from '../../schemas/webview-protocol.ts';
import type { Announcer } from '../shared/announcer.tsx';
import type { HostClient } from '../shared/host.ts';
import type { Report } from './out/report.ts';
import { layoutOf, type CompareView } from './view-state.ts';

interface Surroundings {
  readonly host: HostClient<CompareProtocol>;
  readonly view: Signal<CompareView>;
  readonly announcer: Announcer;
  report(error: unknown): void;
}

/** What a person does on the page that the host has to do. Failures are told on the page. */
export const createHostActions = ({ host, view, announcer, report }: Surroundings) => ({
  /** Lets the user choose. */
  addRuns: () => void host.request('addRuns', null).catch(report),
  openRun: (runId: string) => void host.request('openRun', { runId }).catch(report),
  removeRun: (runId: string) => void host.request('removeRun', { runId }).catch(report),
  details: async (runIds: readonly string[], signal: AbortSignal) => await host.request('details', { runIds }, signal),
  openCommitDiff: (from: string, to: string) => void host.request('openCommitDiff', { from, to }).catch(report),
  checkRuns: (runIds: readonly string[]) =>
    void host.request('checkRuns', { runIds }).then(() => announcer.say(`Checked ${runIds.length} runs in the tree`), report),
  tagRuns: (runIds: readonly string[]) => void host.request('tagRuns', { runIds }).catch(report),
  /** Into a new file. */
  saveLayout: () => void host.request('saveLayout', { layout: layoutOf(view.peek()) }).catch(report),
  openLayoutAsText: (line: number) => void host.request('openLayoutAsText', { line }).catch(report),
  /** What is made may take a while; then the user is asked where it goes. */
  saveFile: (make: () => Promise<{ readonly name: string; readonly data: string | ArrayBuffer }>) =>
    void make()
      .then(async (file) => host.request('saveFile', file))
      .then((saved) => saved !== null && announcer.say(`Saved ${saved}`))
      .catch(report),
  saveReport: (make: (folder: string) => Promise<Report>) =>
    void host
      .request('chooseReport', null)
      .then(async (place) => place !== null && host.request('writeReport', { file: place.file, ...(await make(place.folder)) }))
      .catch(report),
  /** Kept with the experiments; where they cannot be written, with the page. */
  sayDirection: (key: string, direction: MetricDirection) => {
    const { [key]: _, ...others } = view.peek().directions;
    const keep = (directions: Readonly<Record<string, MetricDirection>>): void => {
      view.value = { ...view.peek(), directions };
      host.saveState(view.peek());
    };
    void host.request('sayDirection', { key, direction }).then(
      () => keep(others),
      () => keep({ ...others, [key]: direction }),
    );
  },
  copy: (text: string, what: string) => void host.request('copy', { text }).then(() => announcer.say(`Copied ${what}`), report),
});

export type HostActions = ReturnType<typeof createHostActions>;
