import type { JSX } from 'preact';
import type { SmoothingKind } from '../../schemas/compare-charts.ts';
import type { CardType } from '../../schemas/compare-layout.ts';
import { Checkbox, Select, Slider } from '../shared/controls.tsx';
import { MenuButton, type MenuItem } from '../shared/menu.tsx';
import { addCard, newContent } from './cards/layout.ts';
import { clipChoices, XAxisSelect } from './scale-controls.tsx';
import { GroupMenu } from './group-menu.tsx';
import { writeReport } from './out/report.ts';
import { usePage, useView } from './page.ts';

const smoothingChoices: readonly { readonly value: SmoothingKind; readonly label: string }[] = [
  { value: 'ema', label: 'Exponential' },
  { value: 'average', label: 'Running average' },
  { value: 'gaussian', label: 'Gaussian' },
];

/** One toolbar for all cards. */
export const Toolbar = (): JSX.Element => {
  const page = usePage();
  const { change } = page;
  const [metricFilter, smoothing] = [useView('metricFilter'), useView('smoothing')];
  const [xAxis, logX, logY, clip] = [useView('xAxis'), useView('logX'), useView('logY'), useView('clip')];
  return (
    <div class="toolbar" role="toolbar" aria-label="Charts">
      <input
        class="input toolbar-filter"
        type="search"
        placeholder="Filter metrics"
        aria-label="Filter metrics"
        value={metricFilter}
        onInput={(event) => change({ metricFilter: event.currentTarget.value })}
      />
      <XAxisSelect value={xAxis} onChange={(chosen) => change({ xAxis: chosen, zooms: {} })} />
      <Select label="Smoothing" value={smoothing.kind} choices={smoothingChoices} onChange={(kind) => change({ smoothing: { ...smoothing, kind } })} />
      <Slider
        label="Weight"
        value={smoothing.weight}
        min={0}
        max={0.99}
        step={0.01}
        text={smoothing.weight === 0 ? 'off' : smoothing.weight.toFixed(2)}
        onChange={(weight) => change({ smoothing: { ...smoothing, weight } })}
      />
      <GroupMenu />
      <Checkbox label="Log X" checked={logX} onChange={(checked) => change({ logX: checked })} />
      <Checkbox label="Log Y" checked={logY} onChange={(checked) => change({ logY: checked })} />
      <Select label="Outliers" value={String(clip)} choices={clipChoices(clip)} onChange={(chosen) => change({ clip: Number(chosen) })} />
      <AddCard />
      <SavePage />
    </div>
  );
};

const cardTypes: readonly { readonly type: CardType; readonly label: string }[] = [
  { type: 'line', label: 'Line' },
  { type: 'bar', label: 'Bar' },
  { type: 'scatter', label: 'Scatter' },
  { type: 'parallel', label: 'Parallel Coordinates' },
  { type: 'box', label: 'Box Plot' },
  { type: 'heatmap', label: 'Heat Map' },
  { type: 'importance', label: 'Param Importance' },
];

const AddCard = (): JSX.Element => {
  const page = usePage();
  const hasDefaultCards = useView('cards') === undefined;
  const add = (type: CardType): void => {
    const content = newContent(type, page.runs.peek());
    if (content === undefined) return page.announcer.say('These runs have no metric to show');
    return page.editCards((cards) => addCard(cards, content));
  };
  const items: readonly MenuItem[] = [
    ...cardTypes.map(({ type, label }) => ({ label, onChoose: () => add(type) })),
    'separator',
    { label: 'Reset to a Card per Metric', disabled: hasDefaultCards, onChoose: page.resetCards },
  ];
  return <MenuButton icon="add" label="Add a card" text="Add Card" items={items} />;
};

const SavePage = (): JSX.Element => {
  const page = usePage();
  const items: readonly MenuItem[] = [
    { label: 'Save Layout…', onChoose: page.saveLayout },
    { label: 'Save Page as Markdown…', onChoose: () => page.saveReport(async (folder) => writeReport(page, folder)) },
  ];
  return <MenuButton icon="save" label="Save this page" text="Save" items={items} />;
};
