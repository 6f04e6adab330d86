import type { JSX } from 'preact';
import type { CardType } from '../../schemas/compare-layout.ts';
import { Checkbox, Select, Slider } from '../shared/controls.tsx';
import { MenuButton, type MenuItem } from '../shared/menu.tsx';
import type { XAxis } from './lines/line.ts';
import type { SmoothingKind } from './math/smoothing.ts';
import { addCard, newContent } from './cards/layout.ts';
import { GroupMenu } from './group-menu.tsx';
import { usePage } from './page.ts';

const xAxisChoices: readonly { readonly value: XAxis; readonly label: string }[] = [
  { value: 'step', label: 'Step' },
  { value: 'relative', label: 'Relative time' },
  { value: 'wall', label: 'Wall time' },
];

const smoothingChoices: readonly { readonly value: SmoothingKind; readonly label: string }[] = [
  { value: 'ema', label: 'Exponential' },
  { value: 'average', label: 'Running average' },
  { value: 'gaussian', label: 'Gaussian' },
];

/** One toolbar for all cards. */
export const Toolbar = (): JSX.Element => {
  const { view, change } = usePage();
  const { xAxis, smoothing, logY, ignoreOutliers, metricFilter } = view.value;
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
      {/* A zoom is a window of one axis and means nothing on another. */}
      <Select label="X axis" value={xAxis} choices={xAxisChoices} onChange={(value) => change({ xAxis: value, zooms: {} })} />
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
      <Checkbox label="Log Y" checked={logY} onChange={(checked) => change({ logY: checked })} />
      <Checkbox label="Ignore outliers" checked={ignoreOutliers} onChange={(checked) => change({ ignoreOutliers: checked })} />
      <AddCard />
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
  const add = (type: CardType): void => {
    const content = newContent(type, page.runs.peek());
    if (content === undefined) return page.announcer.say('These runs have no metric to show');
    return page.editCards((cards) => addCard(cards, content));
  };
  const items: readonly MenuItem[] = [
    ...cardTypes.map(({ type, label }) => ({ label, onChoose: () => add(type) })),
    'separator',
    { label: 'Reset to a Card per Metric', disabled: page.view.value.cards === undefined, onChoose: page.resetCards },
  ];
  return <MenuButton icon="add" label="Add a card" text="Add Card" items={items} />;
};
