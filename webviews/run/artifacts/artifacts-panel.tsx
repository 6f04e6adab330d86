import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { Icon, IconButton } from '../../shared/controls.tsx';
import type { RunPage } from '../page.ts';
import type { Artifacts } from './artifacts.ts';
import { PreviewPane } from './preview-pane.tsx';
import { TreeView } from './tree-view.tsx';

interface PanelProps {
  readonly page: RunPage;
  readonly artifacts: Artifacts;
}

export const ArtifactsPanel = ({ page, artifacts }: PanelProps): JSX.Element => {
  useEffect(() => artifacts.begin(), []);
  const root = artifacts.folders.value.get('');
  if (root === undefined || root.kind === 'loading') return <p class="muted">Reading the artifacts…</p>;
  if (root.kind === 'unreadable') return <Unreadable page={page} artifacts={artifacts} {...root} />;
  if (root.entries.length === 0) return <Empty artifacts={artifacts} />;
  return (
    <div class="artifacts">
      <div class="artifact-side">
        <div class="artifact-tools">
          <IconButton icon="refresh" label="Read Again" onClick={() => artifacts.refresh()} />
          <IconButton icon="cloud-download" label="Download All…" onClick={() => void page.ask('downloadArtifact', { path: '' })} />
        </div>
        <TreeView artifacts={artifacts} />
      </div>
      <PreviewPane page={page} artifacts={artifacts} />
    </div>
  );
};

const Empty = ({ artifacts }: { readonly artifacts: Artifacts }): JSX.Element => (
  <div class="artifact-empty">
    <p class="muted">
      This run has no artifacts. <code>mlflow.log_artifact</code>, <code>log_text</code>, <code>log_figure</code> and others log some; a model that MLflow 3 has
      logged is among the models in the page's header.
    </p>
    <button type="button" class="button" onClick={() => artifacts.refresh()}>
      <Icon name="refresh" />
      <span>Read again</span>
    </button>
  </div>
);

interface UnreadableProps extends PanelProps {
  readonly message: string;
  readonly advice?: string;
  readonly canAllow: boolean;
}

const Unreadable = ({ page, artifacts, message, advice, canAllow }: UnreadableProps): JSX.Element => (
  <div class="artifact-empty">
    <div class="notice notice-warning" role="alert">
      <Icon name="warning" />
      <span class="notice-text">
        <bdi>{message}</bdi> <bdi>{advice}</bdi>
      </span>
    </div>
    <div class="buttons">
      {canAllow && (
        <button type="button" class="button button-primary" onClick={() => void page.ask('allowArtifactFolders', null).then(() => artifacts.refresh())}>
          <span>Allow reading…</span>
        </button>
      )}
      <button type="button" class="button" onClick={() => artifacts.refresh()}>
        <Icon name="refresh" />
        <span>Try again</span>
      </button>
    </div>
  </div>
);
