import type { JSX } from 'preact';
import { artifactsTab } from './artifacts/artifacts-tab.tsx';
import { codeTab } from './code/code-tab.tsx';
import { logTab } from './log/log-tab.tsx';
import { metricsTab } from './metrics/metrics-tab.tsx';
import { overviewTab } from './overview/overview-tab.tsx';
import type { RunPage } from './page.ts';

/** One tab of the page. */
export interface RunTab {
  /** Also the name under which the page keeps what the tab has asked it to. */
  readonly id: string;
  readonly title: string;
  /** Called once for a page: what the tab knows lives as long as the page, its panel only while it is shown. */
  create(page: RunPage): () => JSX.Element;
}

export const runTabs: readonly RunTab[] = [overviewTab, metricsTab, artifactsTab, codeTab, logTab];
