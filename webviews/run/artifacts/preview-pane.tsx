import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import type { ArtifactEntry } from '../../../schemas/run-artifacts-protocol.ts';
import { formatBytes } from '../../../schemas/format.ts';
import { Button, Icon } from '../../shared/controls.tsx';
import type { RunPage } from '../page.ts';
import { ArrayView } from './array-view.tsx';
import { folderOf, type Artifacts } from './artifacts.ts';
import { HtmlView } from './html-view.tsx';
import { ImageSteps } from './image-steps.tsx';
import { ImageView } from './image-view.tsx';
import { NotebookView } from './notebook-view.tsx';
import { PdfView } from './pdf-view.tsx';
import type { ByteSource } from '../../shared/readers/byte-source.ts';
import { findImageSeries } from './readers/image-steps.ts';
import { openPreview, type Preview } from './readers/preview.ts';
import { TableView } from './table-view.tsx';
import { MarkdownView, Notes, TextView } from './text-view.tsx';

interface PaneProps {
  readonly page: RunPage;
  readonly artifacts: Artifacts;
}

/** What is known of the chosen path: its entry in the folder that it is in, once that has been read. */
const entryOf = ({ folders, selected }: Artifacts): ArtifactEntry | undefined => {
  const path = selected.value;
  if (path === undefined) return undefined;
  const folder = folders.value.get(folderOf(path));
  return folder?.kind === 'listed' ? folder.entries.find((entry) => entry.path === path) : undefined;
};

export const PreviewPane = ({ page, artifacts }: PaneProps): JSX.Element => {
  const entry = entryOf(artifacts);
  if (entry === undefined) return <p class="artifact-preview muted">Choose an artifact to look into it.</p>;
  const name = entry.path.slice(entry.path.lastIndexOf('/') + 1);
  return (
    <section class="artifact-preview" aria-label={`Preview of ${name}`}>
      <h2>
        <bdi>{name}</bdi> {entry.size !== undefined && <span class="muted artifact-facts">{formatBytes(entry.size)}</span>}
      </h2>
      <Actions page={page} entry={entry} />
      {entry.isDirectory ? (
        <FolderPreview key={entry.path} artifacts={artifacts} path={entry.path} />
      ) : (
        <FilePreview key={`${entry.path} ${entry.size}`} page={page} artifacts={artifacts} entry={entry} />
      )}
    </section>
  );
};

const Actions = ({ page, entry: { path, isDirectory } }: { readonly page: RunPage; readonly entry: ArtifactEntry }): JSX.Element => (
  <div class="buttons">
    {!isDirectory && (
      <>
        <Button icon="go-to-file" onClick={() => void page.ask('openArtifact', { path })}>
          Open in editor
        </Button>
        <Button icon="diff" onClick={() => void page.ask('compareArtifact', { path })}>
          Compare with another run…
        </Button>
      </>
    )}
    <Button icon="cloud-download" onClick={() => void page.ask('downloadArtifact', { path })}>
      Download…
    </Button>
    <Button icon="folder-opened" onClick={() => void page.ask('revealArtifact', { path })}>
      Reveal
    </Button>
    <Button icon="copy" onClick={() => void page.ask('copyArtifactPath', { path }).then((done) => done && page.announcer.say('Path copied'))}>
      Copy path
    </Button>
  </div>
);

/** Pictures that were logged step by step are looked at as a whole. */
const FolderPreview = ({ artifacts, path }: { readonly artifacts: Artifacts; readonly path: string }): JSX.Element => {
  const folder = artifacts.folders.value.get(path);
  if (folder?.kind === 'unreadable') return <Problem text={`${folder.message} ${folder.advice ?? ''}`} />;
  if (folder?.kind !== 'listed') return <p class="muted">A folder: open it to see what is in it.</p>;
  const series = findImageSeries(folder.entries.map((entry) => entry.path));
  if (series.length > 0) return <ImageSteps artifacts={artifacts} series={series} />;
  const count = folder.entries.length + folder.omitted;
  return <p class="muted">{count === 1 ? 'A folder of one entry.' : `A folder of ${count.toLocaleString('en-US')} entries.`}</p>;
};

type State = { readonly kind: 'reading' } | { readonly kind: 'failed'; readonly message: string } | { readonly kind: 'ready'; readonly preview: Preview };

interface FileProps extends PaneProps {
  readonly entry: ArtifactEntry;
}

const FilePreview = ({ page, artifacts, entry: { path, size } }: FileProps): JSX.Element => {
  const state = useSignal<State>({ kind: 'reading' });
  const source = useSignal(artifacts.source(path, size));
  useEffect(() => {
    const abort = new AbortController();
    openPreview(source.peek(), path, abort.signal).then(
      (preview) => {
        state.value = { kind: 'ready', preview };
        page.announcer.say('Preview shown');
      },
      (error: unknown) => {
        if (!abort.signal.aborted) state.value = { kind: 'failed', message: error instanceof Error ? error.message : String(error) };
      },
    );
    return () => abort.abort();
  }, []);
  if (state.value.kind === 'reading') return <p class="muted">Reading…</p>;
  if (state.value.kind === 'failed') return <Problem text={state.value.message} />;
  return <Shown page={page} preview={state.value.preview} source={source.value} />;
};

const Problem = ({ text }: { readonly text: string }): JSX.Element => (
  <div class="notice notice-warning" role="alert">
    <Icon name="warning" />
    <bdi class="notice-text">{text}</bdi>
  </div>
);

interface ShownProps {
  readonly page: RunPage;
  readonly preview: Preview;
  readonly source: ByteSource;
}

const Shown = ({ page, preview, source }: ShownProps): JSX.Element => {
  switch (preview.kind) {
    case 'table':
      return <TableView page={page} table={preview.table} />;
    case 'array':
      return <ArrayView page={page} array={preview.array} source={source} />;
    case 'pdf':
      return <PdfView bytes={preview.bytes} />;
    case 'image':
      return <ImageView image={preview} label="The picture" />;
    case 'text':
      return <TextView text={preview.text} notes={preview.notes} />;
    case 'markdown':
      return <MarkdownView text={preview.text} notes={preview.notes} />;
    case 'html':
      return <HtmlView text={preview.text} notes={preview.notes} />;
    case 'notebook':
      return <NotebookView notebook={preview.notebook} />;
    case 'none':
      return <Notes notes={[preview.message, ...(preview.opens === undefined ? [] : [preview.opens])]} />;
    default:
      return preview satisfies never;
  }
};
