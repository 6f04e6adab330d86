import type { RunTab } from '../tabs.tsx';
import { MetricHistories } from './metric-histories.ts';
import { MetricsPanel } from './metrics-panel.tsx';

export const metricsTab: RunTab = {
  id: 'metrics',
  title: 'Metrics',
  create: (page) => {
    const histories = new MetricHistories(page);
    return () => <MetricsPanel page={page} histories={histories} />;
  },
};
