import type { RunTab } from '../tabs.tsx';
import { ArtifactsPanel } from './artifacts-panel.tsx';
import { createArtifacts } from './artifacts.ts';

export const artifactsTab: RunTab = {
  id: 'artifacts',
  title: 'Artifacts',
  create: (page) => {
    const artifacts = createArtifacts(page);
    return () => <ArtifactsPanel page={page} artifacts={artifacts} />;
  },
};
