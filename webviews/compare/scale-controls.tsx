import { useComputed } from '@preact/signals';
import type { JSX } from 'preact';
import { isMetricAxis, type XAxis } from '../../schemas/compare-charts.ts';
import { Select, type Choice } from '../shared/controls.tsx';
import { usePage } from './page.ts';

const axisChoices: readonly Choice<XAxis>[] = [
  { value: 'step', label: 'Step' },
  { value: 'relative', label: 'Relative time' },
  { value: 'wall', label: 'Wall time' },
];

interface XAxisSelectProps {
  readonly value: XAxis;
  onChange(axis: XAxis): void;
}

/** A zoom is a window of one axis and means nothing on another: whoever changes the axis drops it. */
export const XAxisSelect = ({ value, onChange }: XAxisSelectProps): JSX.Element => (
  <Select label="X axis" value={value} choices={useAxisChoices(value)} onChange={onChange} />
);

export const useAxisChoices = (current: XAxis | undefined): readonly Choice<XAxis>[] => {
  const page = usePage();
  const known = useComputed(() => [...axisChoices, ...(page.snapshot.value?.metricKeys ?? []).map((key) => metricChoice(`metrics.${key}`))]);
  const isKnown = current === undefined || !isMetricAxis(current) || known.value.some(({ value }) => value === current);
  return isKnown ? known.value : [...known.value, metricChoice(current)];
};

const metricChoice = (axis: `metrics.${string}`): Choice<XAxis> => ({ value: axis, label: `${axis.slice('metrics.'.length)} (metric)` });

const clips = [0, 1, 5, 10];

/** Percent of the values left out of each card's y axis, at each end. */
export const clipChoices = (current: number): readonly Choice<string>[] =>
  [...new Set([...clips, current])]
    .sort((left, right) => left - right)
    .map((clip) => ({ value: String(clip), label: clip === 0 ? 'All shown' : `Clip ${clip} %` }));
