import { computed, useSignal, type ReadonlySignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import { formatNumber } from '../../../schemas/format.ts';
import { IconButton } from '../../shared/controls.tsx';
import { Grid } from '../../shared/grid.tsx';
import { exportItems } from '../out/export-menu.ts';
import { usePage } from '../page.ts';
import type { CardTable, Scene } from '../plot/scene.ts';
import { SceneView } from '../plot/scene-view.tsx';
import { cardTitle, sceneOf, type SceneSpec } from './card-kinds.ts';
import { Card, type CardPlace } from './card.tsx';
import { CardSettings } from './settings.tsx';

interface SceneCardProps {
  readonly spec: SceneSpec;
  readonly place: CardPlace;
}

/** A card whose picture is made from the runs themselves: no histories are read for it. */
export const SceneCard = ({ spec, place }: SceneCardProps): JSX.Element => {
  const page = usePage();
  const asTable = useSignal(false);
  const asSettings = useSignal(false);
  const title = cardTitle(spec);
  const actions = (
    <>
      <IconButton icon="settings-gear" label={`What ${title} shows`} pressed={asSettings.value} onClick={() => (asSettings.value = !asSettings.value)} />
      <IconButton icon="table" label={`Show ${title} as a table`} pressed={asTable.value} onClick={() => (asTable.value = !asTable.value)} />
    </>
  );
  return (
    <Card
      spec={spec}
      place={place}
      title={title}
      actions={actions}
      menu={exportItems(page, spec)}
      body={() => (
        <>
          {asSettings.value && <CardSettings spec={spec} />}
          <SceneBody spec={spec} title={title} asTable={asTable.value} />
        </>
      )}
    />
  );
};

interface SceneBodyProps {
  readonly spec: SceneSpec;
  readonly title: string;
  readonly asTable: boolean;
}

/** The picture of a card, or its table twin. Lines, which take longest to read, are painted before it. */
export const SceneBody = ({ spec, title, asTable }: SceneBodyProps): JSX.Element | null => {
  const page = usePage();
  const scene = useMemo(() => computed(() => sceneOf(spec, page.sceneInput(spec.id), page.changeCard)), [page, spec]);
  if (!page.isSettled.value) return null;
  if (scene.value.nothing !== undefined) return <p class="card-message">{scene.value.nothing}</p>;
  return (
    <>
      {asTable ? <SceneTable title={title} table={scene.value.table} /> : <SceneView cardId={spec.id} title={title} scene={scene} />}
      <SceneNotes scene={scene} />
    </>
  );
};

const SceneNotes = ({ scene }: { readonly scene: ReadonlySignal<Scene> }): JSX.Element => (
  <div class="card-notes">
    {scene.value.notes.map((note) => (
      <p key={note}>{note}</p>
    ))}
  </div>
);

const SceneTable = ({ title, table }: { readonly title: string; readonly table: CardTable }): JSX.Element => {
  const page = usePage();
  const [first = '', ...others] = table.columns;
  const text = (value: string | number | undefined): string => (typeof value === 'number' ? formatNumber(value) : (value ?? ''));
  return (
    <Grid
      label={`${title} as a table`}
      rowCount={table.rows.length}
      columnCount={others.length}
      columnWidth={120}
      headerWidth={150}
      corner={{ text: first }}
      columnHeader={(column) => ({ text: others[column] ?? '' })}
      rowHeader={(row) => ({ text: text(table.rows[row]?.[0]) })}
      cell={(row, column) => {
        const value = table.rows[row]?.[column + 1];
        return { text: text(value), title: String(value ?? ''), ...(typeof value === 'number' && { className: 'numeric' }) };
      }}
      onCopy={(copied) => page.copy(copied, 'the value')}
    />
  );
};
