import type { ReadonlySignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import { formatInteger } from '../../schemas/format.ts';
import type { PredictionFiles, PredictionsProtocol } from '../../schemas/predictions-page.ts';
import { LiveRegion, type Announcer } from '../shared/announcer.tsx';
import { Button, Icon } from '../shared/controls.tsx';
import { Grid } from '../shared/grid.tsx';
import type { HostClient } from '../shared/host.ts';
import { ReloadNotice } from '../shared/reload-notice.tsx';
import { rowsOf } from './rows.ts';

export interface PredictionsView {
  readonly host: HostClient<PredictionsProtocol>;
  readonly announcer: Announcer;
  readonly files: ReadonlySignal<PredictionFiles | undefined>;
  readonly failure: ReadonlySignal<string | undefined>;
}

export const App = ({ view }: { readonly view: PredictionsView }): JSX.Element => {
  const files = view.files.value;
  return (
    <main class="page" aria-label="Predictions">
      <ReloadNotice alive={view.host.alive} />
      {view.failure.value !== undefined && (
        <p class="notice notice-error" role="alert">
          <Icon name="error" />
          <span>{view.failure.value}</span>
        </p>
      )}
      {files !== undefined && <Predictions view={view} files={files} />}
      <LiveRegion announcer={view.announcer} />
    </main>
  );
};

const shownCharacters = 200_000;

const Predictions = ({ view: { host, announcer }, files }: { readonly view: PredictionsView; readonly files: PredictionFiles }): JSX.Element => {
  const table = useMemo(() => rowsOf(files), [files]);
  const copy = async (text: string): Promise<void> => {
    await host.request('copy', { text });
    announcer.say('Copied');
  };
  return (
    <>
      <div class="head">
        <h1>{files.output.name}</h1>
        {table !== undefined && <span class="muted">{table.rows.length === 1 ? '1 row' : `${formatInteger(table.rows.length)} rows`}</span>}
        <Button icon="go-to-file" onClick={() => void host.request('openAsText', null)}>
          Open as Text
        </Button>
      </div>
      {table === undefined ? (
        <pre tabIndex={0} aria-label="Predictions as text">
          {files.output.text.slice(0, shownCharacters)}
        </pre>
      ) : (
        <Grid
          label="Predictions"
          rowCount={table.rows.length}
          columnCount={table.columns.length}
          columnWidth={140}
          headerWidth={70}
          corner={{ text: 'row' }}
          columnHeader={(column) => ({ text: table.columns[column] ?? '', ...(column < table.predicted && { className: 'predicted' }) })}
          rowHeader={(row) => ({ text: formatInteger(row + 1) })}
          cell={(row, column) => table.rows[row]?.[column] ?? { text: '' }}
          onCopy={(text) => void copy(text)}
        />
      )}
    </>
  );
};
