import { useComputed, useSignal, useSignalEffect } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useMemo } from 'preact/hooks';
import type { CardOf } from '../../../schemas/compare-layout.ts';
import { IconButton } from '../../shared/controls.tsx';
import { Card, type CardPlace } from '../cards/card.tsx';
import { CardSettings } from '../cards/settings.tsx';
import { SceneBody } from '../cards/scene-card.tsx';
import { exportItems } from '../out/export-menu.ts';
import { createLineData, hasOnlyPoints } from './line-data.ts';
import { LinePlot } from './line-plot.tsx';
import { LineTable } from './line-table.tsx';
import type { Range } from '../plot/range.ts';
import { usePage } from '../page.ts';

interface LineCardProps {
  readonly spec: CardOf<'line'>;
  readonly place: CardPlace;
}

export const LineCard = ({ spec, place }: LineCardProps): JSX.Element => {
  const page = usePage();
  const { id: cardId, metric } = spec;
  const asTable = useSignal(false);
  const asSettings = useSignal(false);
  const zoomed = useComputed(() => page.view.value.zooms[cardId] !== undefined);
  const zoomTo = (window: Range | undefined): void => {
    const { [cardId]: _, ...others } = page.view.peek().zooms;
    page.change({ zooms: window === undefined ? others : { ...others, [cardId]: window } });
  };
  const actions = (
    <>
      {zoomed.value && <IconButton icon="zoom-out" label="Show everything (0)" onClick={() => zoomTo(undefined)} />}
      <IconButton icon="settings-gear" label={`What ${metric} shows`} pressed={asSettings.value} onClick={() => (asSettings.value = !asSettings.value)} />
      <IconButton icon="table" label={`Show ${metric} as a table`} pressed={asTable.value} onClick={() => (asTable.value = !asTable.value)} />
    </>
  );
  return (
    <Card
      spec={spec}
      place={place}
      title={metric}
      actions={actions}
      menu={exportItems(page, spec)}
      body={() => (
        <>
          {asSettings.value && <CardSettings spec={spec} />}
          <LineBody key={metric} spec={spec} asTable={asTable.value} zoomTo={zoomTo} />
        </>
      )}
    />
  );
};

interface LineBodyProps {
  readonly spec: CardOf<'line'>;
  readonly asTable: boolean;
  zoomTo(window: Range | undefined): void;
}

const LineBody = ({ spec, asTable, zoomTo }: LineBodyProps): JSX.Element => {
  const page = usePage();
  const { id: cardId, metric } = spec;
  const asBars = useMemo((): CardOf<'bar'> => ({ ...spec, type: 'bar' }), [spec]);
  const width = useSignal(300);
  const current = useSignal(spec);
  current.value = spec;
  const live = useMemo(() => createLineData(page, { spec: current, width }), [page, current]);
  useEffect(() => live.dispose, [live]);
  const empty = useComputed(() => !live.data.value.loading && live.data.value.lines.length === 0 && live.data.value.failure === undefined);
  const single = useComputed(() => hasOnlyPoints(live.data.value));
  return (
    <>
      <Progress active={useComputed(() => live.data.value.loading).value} />
      {single.value && <SceneBody spec={asBars} title={metric} asTable={asTable} />}
      {!single.value &&
        (asTable ? (
          <LineTable metric={metric} data={live.data} />
        ) : (
          <LinePlot cardId={cardId} metric={metric} data={live.data} width={width} zoomTo={zoomTo} />
        ))}
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
