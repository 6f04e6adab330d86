import { useComputed, useSignal, useSignalEffect } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useMemo } from 'preact/hooks';
import { IconButton } from '../../shared/controls.tsx';
import type { Visibility } from '../../shared/visibility.ts';
import { Card } from '../cards/card.tsx';
import { createLineData } from './line-data.ts';
import { LinePlot } from './line-plot.tsx';
import { LineTable } from './line-table.tsx';
import type { Range } from '../plot/range.ts';
import { usePage } from '../page.ts';

interface LineCardProps {
  readonly metric: string;
  readonly visibility: Visibility;
}

export const LineCard = ({ metric, visibility }: LineCardProps): JSX.Element => {
  const page = usePage();
  const cardId = `line:${metric}`;
  const asTable = useSignal(false);
  const zoomed = useComputed(() => page.view.value.zooms[cardId] !== undefined);
  const zoomTo = (window: Range | undefined): void => {
    const { [cardId]: _, ...others } = page.view.peek().zooms;
    page.change({ zooms: window === undefined ? others : { ...others, [cardId]: window } });
  };
  const actions = (
    <>
      {zoomed.value && <IconButton icon="screen-normal" label="Show everything (0)" onClick={() => zoomTo(undefined)} />}
      <IconButton icon="table" label={`Show ${metric} as a table`} pressed={asTable.value} onClick={() => (asTable.value = !asTable.value)} />
    </>
  );
  return (
    <Card
      id={cardId}
      kind="line"
      title={metric}
      visibility={visibility}
      actions={actions}
      body={() => <LineBody cardId={cardId} metric={metric} asTable={asTable.value} zoomTo={zoomTo} />}
    />
  );
};

interface LineBodyProps {
  readonly cardId: string;
  readonly metric: string;
  readonly asTable: boolean;
  zoomTo(window: Range | undefined): void;
}

const LineBody = ({ cardId, metric, asTable, zoomTo }: LineBodyProps): JSX.Element => {
  const page = usePage();
  const width = useSignal(300);
  const live = useMemo(() => createLineData(page, { cardId, metric, width }), [page, cardId, metric]);
  useEffect(() => live.dispose, [live]);
  const empty = useComputed(() => !live.data.value.loading && live.data.value.lines.length === 0 && live.data.value.failure === undefined);
  return (
    <>
      <Progress active={useComputed(() => live.data.value.loading).value} />
      {asTable ? <LineTable metric={metric} data={live.data} /> : <LinePlot cardId={cardId} metric={metric} data={live.data} width={width} zoomTo={zoomTo} />}
      {empty.value && <p class="card-message">No shown run has logged this metric.</p>}
      <Notes data={live.data} />
    </>
  );
};

/** VS Code's own thin bar; a load that takes no time shows none. */
const Progress = ({ active }: { readonly active: boolean }): JSX.Element => <div class={active ? 'progress active' : 'progress'} role="presentation" />;

const Notes = ({ data }: { readonly data: ReturnType<typeof createLineData>['data'] }): JSX.Element => {
  const page = usePage();
  const notes = useComputed(() => data.value.notes);
  const failure = useComputed(() => data.value.failure);
  useSignalEffect(() => {
    if (failure.value !== undefined) page.announcer.say(failure.value);
  });
  return (
    <div class="card-notes">
      {failure.value !== undefined && (
        <p class="card-failure">
          <span>{failure.value}</span>
          <button type="button" class="link" onClick={() => page.histories.retry()}>
            Try again
          </button>
        </p>
      )}
      {notes.value.map((note) => (
        <p key={note}>{note}</p>
      ))}
    </div>
  );
};
