import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import type { ComparedRun, CompareSnapshot } from '../../schemas/webview-protocol.ts';
import { Icon, IconButton } from '../shared/controls.tsx';
import { usePage, useView } from './page.ts';
import { RunSwatch } from './run-swatch.tsx';

/** More chips than this are shown on demand: they would push the charts off the page. */
const firstChips = 24;

export const RunChips = (): JSX.Element => {
  const { runs, snapshot, addRuns } = usePage();
  const all = useSignal(false);
  const hiddenCount = all.value ? 0 : Math.max(0, runs.value.length - firstChips);
  return (
    <div class="chips-area">
      <ul class="chips" aria-label="Compared runs">
        {runs.value.slice(0, runs.value.length - hiddenCount).map((run) => (
          <RunChip key={run.runId} run={run} />
        ))}
        {hiddenCount > 0 && (
          <li>
            <button type="button" class="link" onClick={() => (all.value = true)}>
              {`and ${hiddenCount.toLocaleString('en-US')} more`}
            </button>
          </li>
        )}
        <li>
          <IconButton icon="add" label="Add or remove runs…" onClick={addRuns} />
        </li>
      </ul>
      {[...missingSentences(snapshot.value?.missing ?? []), ...(snapshot.value?.notes ?? [])].map((sentence) => (
        <p key={sentence} class="notice notice-warning">
          <Icon name="warning" />
          <span>{sentence}</span>
        </p>
      ))}
    </div>
  );
};

/** One sentence for each reason, however many runs it keeps away. */
const missingSentences = (missing: CompareSnapshot['missing']): readonly string[] =>
  [...Map.groupBy(missing, ({ reason }) => reason)].map(([reason, runs]) =>
    runs.length === 1 ? `Run ${runs[0]?.runId ?? ''} is not shown: ${reason}` : `${runs.length.toLocaleString('en-US')} runs are not shown: ${reason}`,
  );

const RunChip = ({ run }: { readonly run: ComparedRun }): JSX.Element => {
  const page = usePage();
  const style = page.styles.value.get(run.runId);
  const hidden = useView('hiddenRunIds').includes(run.runId);
  const isReference = useView('referenceRunId') === run.runId;
  const highlight = (runId: string | undefined) => (): void => {
    page.highlighted.value = hidden ? undefined : runId;
  };
  return (
    <li class={hidden ? 'chip chip-hidden' : 'chip'} data-run={run.runId} onMouseEnter={highlight(run.runId)} onMouseLeave={highlight(undefined)}>
      <button
        type="button"
        class="chip-name"
        aria-pressed={!hidden}
        title={`${run.name}\n${run.experimentName} · ${run.status.toLowerCase()}\nClick to ${hidden ? 'show' : 'hide'}`}
        onClick={() => page.toggleRun(run.runId)}
      >
        {style !== undefined && <RunSwatch style={style} />}
        <StatusIcon status={run.status} />
        <span class="chip-text">{run.name}</span>
      </button>
      <IconButton icon="go-to-file" label={`Open ${run.name}`} onClick={() => page.openRun(run.runId)} />
      <IconButton
        icon="pinned"
        label={isReference ? `Stop measuring against ${run.name}` : `Measure against ${run.name}`}
        pressed={isReference}
        onClick={() => page.setReference(isReference ? undefined : run.runId)}
      />
      <IconButton icon="close" label={`Remove ${run.name} from the comparison`} onClick={() => page.removeRun(run.runId)} />
    </li>
  );
};

const statusIcons: Readonly<Record<string, { readonly icon: string; readonly words: string }>> = {
  RUNNING: { icon: 'loading', words: 'running' },
  SCHEDULED: { icon: 'clock', words: 'scheduled' },
  FAILED: { icon: 'error', words: 'failed' },
  KILLED: { icon: 'circle-slash', words: 'killed' },
};

/** A finished run needs no icon: it is what one expects. */
const StatusIcon = ({ status }: { readonly status: string }): JSX.Element | null => {
  const known = statusIcons[status];
  if (known === undefined) return null;
  return (
    <span class={`status status-${known.words}`}>
      <Icon name={known.icon} spin={status === 'RUNNING'} />
      <span class="visually-hidden">{known.words}</span>
    </span>
  );
};
