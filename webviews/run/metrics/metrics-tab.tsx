import type { RunTab } from '../tabs.tsx';
import { createMetricHistories } from './metric-histories.ts';
import { MetricsPanel } from './metrics-panel.tsx';

export const metricsTab: RunTab = {
  id: 'metrics',
  title: 'Metrics',
  create: (page) => {
    const histories = createMetricHistories(page);
    return () => <MetricsPanel page={page} histories={histories} />;
  },
};
