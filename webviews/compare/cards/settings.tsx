import type { JSX } from 'preact';
import type { CardOf, CardSpec, FieldId } from '../../../schemas/compare-layout.ts';
import { Checkbox, IconButton, Select, type Choice } from '../../shared/controls.tsx';
import { usePage, type ComparePage } from '../page.ts';
import { clipChoices, useAxisChoices } from '../scale-controls.tsx';
import { describeField, fieldIdsOf, fieldLabel } from '../runs/fields.ts';

const kindOf = (id: FieldId): string => {
  const dot = id.indexOf('.');
  return dot < 0 || id.startsWith('attributes.') ? '' : ` (${id.slice(0, dot - 1)})`;
};

const fieldChoice = (id: FieldId): Choice<string> => ({ value: id, label: `${fieldLabel(id)}${kindOf(id)}` });

/** A field that a saved layout names, and that no run has, stays to be seen and changed. */
const withCurrent = (ids: readonly FieldId[], current: FieldId | undefined): readonly FieldId[] =>
  current === undefined || ids.includes(current) ? ids : [current, ...ids];

interface FieldSelectProps {
  readonly label: string;
  readonly value: FieldId | undefined;
  readonly choices: readonly FieldId[];
  /** Words for having no field at all. */
  readonly none?: string;
  onChange(field: FieldId | undefined): void;
}

const FieldSelect = ({ label, value, choices, none, onChange }: FieldSelectProps): JSX.Element => {
  const fields = withCurrent(choices, value).map(fieldChoice);
  return (
    <Select
      label={label}
      value={value ?? ''}
      choices={none === undefined ? fields : [{ value: '', label: none }, ...fields]}
      onChange={(chosen) => onChange(chosen === '' ? undefined : chosen)}
    />
  );
};

const fieldsOf = (page: ComparePage): readonly FieldId[] => fieldIdsOf(page.runs.value);
const metricFields = (page: ComparePage): readonly FieldId[] => fieldsOf(page).filter((id) => id.startsWith('metrics.'));
const categories = (page: ComparePage): readonly FieldId[] => fieldsOf(page).filter((id) => !id.startsWith('metrics.'));

/** What a card shows, to be changed in place. */
export const CardSettings = ({ spec }: { readonly spec: CardSpec }): JSX.Element => (
  <div class="card-settings">
    <SettingsOf spec={spec} />
  </div>
);

const SettingsOf = ({ spec }: { readonly spec: CardSpec }): JSX.Element => {
  const page = usePage();
  switch (spec.type) {
    case 'line':
      return <LineSettings spec={spec} />;
    case 'bar':
    case 'importance':
      return <MetricSelect value={spec.metric} onChange={(metric) => page.changeCard({ ...spec, metric })} />;
    case 'scatter':
      return <ScatterSettings spec={spec} />;
    case 'parallel':
      return <ParallelSettings spec={spec} />;
    case 'box':
      return (
        <>
          <MetricSelect value={spec.metric} onChange={(metric) => page.changeCard({ ...spec, metric })} />
          <FieldSelect label="By" value={spec.by} choices={categories(page)} onChange={(by) => by !== undefined && page.changeCard({ ...spec, by })} />
        </>
      );
    case 'heatmap':
      return (
        <>
          <FieldSelect label="X" value={spec.x} choices={categories(page)} onChange={(x) => x !== undefined && page.changeCard({ ...spec, x })} />
          <FieldSelect label="Y" value={spec.y} choices={categories(page)} onChange={(y) => y !== undefined && page.changeCard({ ...spec, y })} />
          <MetricSelect value={spec.metric} onChange={(metric) => page.changeCard({ ...spec, metric })} />
        </>
      );
    default:
      return spec satisfies never;
  }
};

const MetricSelect = ({ value, onChange }: { readonly value: string; onChange(metric: string): void }): JSX.Element => {
  const page = usePage();
  return (
    <FieldSelect
      label="Metric"
      value={`metrics.${value}`}
      choices={metricFields(page)}
      onChange={(field) => field !== undefined && onChange(field.slice('metrics.'.length))}
    />
  );
};

const LineSettings = ({ spec }: { readonly spec: CardOf<'line'> }): JSX.Element => {
  const page = usePage();
  const { xAxis, logX, logY, clip } = spec;
  return (
    <>
      <MetricSelect value={spec.metric} onChange={(metric) => page.changeCard({ ...spec, metric })} />
      <OwnScale label="X axis" value={xAxis} choices={useAxisChoices(xAxis)} onChange={(own) => page.changeScales(spec, { xAxis: own })} />
      <OwnScale label="X scale" value={scaleName(logX)} choices={scaleChoices} onChange={(own) => page.changeScales(spec, { logX: isLogName(own) })} />
      <OwnScale label="Y scale" value={scaleName(logY)} choices={scaleChoices} onChange={(own) => page.changeScales(spec, { logY: isLogName(own) })} />
      <OwnScale
        label="Outliers"
        value={clip === undefined ? undefined : String(clip)}
        choices={clipChoices(clip ?? 0)}
        onChange={(own) => page.changeScales(spec, { clip: own === undefined ? undefined : Number(own) })}
      />
    </>
  );
};

const scaleChoices: readonly Choice<'linear' | 'log'>[] = [
  { value: 'linear', label: 'Linear' },
  { value: 'log', label: 'Logarithmic' },
];
const scaleName = (log: boolean | undefined): 'linear' | 'log' | undefined => (log === undefined ? undefined : log ? 'log' : 'linear');
const isLogName = (name: 'linear' | 'log' | undefined): boolean | undefined => (name === undefined ? undefined : name === 'log');

interface OwnScaleProps<Value extends string> {
  readonly label: string;
  /** Undefined: as the page has it. */
  readonly value: Value | undefined;
  readonly choices: readonly Choice<Value>[];
  onChange(own: Value | undefined): void;
}

const OwnScale = <Value extends string>({ label, value, choices, onChange }: OwnScaleProps<Value>): JSX.Element => (
  <Select
    label={label}
    value={value ?? ''}
    choices={[{ value: '', label: 'As the page' }, ...choices]}
    onChange={(chosen) => onChange(choices.find((choice) => choice.value === chosen)?.value)}
  />
);

const ScatterSettings = ({ spec }: { readonly spec: CardOf<'scatter'> }): JSX.Element => {
  const page = usePage();
  const change = (changes: Partial<CardOf<'scatter'>>): void => page.changeCard({ ...spec, ...changes });
  const recolor = (color: FieldId | undefined): void => {
    const { color: _, ...others } = spec;
    page.changeCard(color === undefined ? others : { ...others, color });
  };
  return (
    <>
      <FieldSelect label="X" value={spec.x} choices={fieldsOf(page)} onChange={(x) => x !== undefined && change({ x })} />
      <FieldSelect label="Y" value={spec.y} choices={fieldsOf(page)} onChange={(y) => y !== undefined && change({ y })} />
      <FieldSelect label="Color" value={spec.color} choices={fieldsOf(page)} none="Run" onChange={recolor} />
      <Checkbox label="Log X" checked={spec.logX} onChange={(logX) => change({ logX })} />
      <Checkbox label="Log Y" checked={spec.logY} onChange={(logY) => change({ logY })} />
      <Checkbox label="Regression" checked={spec.regression} onChange={(regression) => change({ regression })} />
    </>
  );
};

const ParallelSettings = ({ spec }: { readonly spec: CardOf<'parallel'> }): JSX.Element => {
  const page = usePage();
  const recolor = (color: FieldId | undefined): void => {
    const { color: _, ...others } = spec;
    page.changeCard(color === undefined ? others : { ...others, color });
  };
  const unused = fieldsOf(page).filter((id) => !spec.fields.includes(id));
  return (
    <>
      <FieldSelect label="Color" value={spec.color} choices={fieldsOf(page)} none="Run" onChange={recolor} />
      <FieldSelect
        label="Axis"
        value={undefined}
        choices={unused}
        none="Add…"
        onChange={(id) => id !== undefined && page.changeCard({ ...spec, fields: [...spec.fields, id] })}
      />
      <ul class="axis-list" aria-label="Axes">
        {spec.fields.map((field, index) => (
          <AxisItem key={field} spec={spec} index={index} />
        ))}
      </ul>
    </>
  );
};

const AxisItem = ({ spec, index }: { readonly spec: CardOf<'parallel'>; readonly index: number }): JSX.Element => {
  const page = usePage();
  const field = spec.fields[index] ?? '';
  const log = spec.logFields.includes(field);
  const name = fieldLabel(field);
  const move = (by: number): void => page.changeCard({ ...spec, fields: spec.fields.toSpliced(index, 1).toSpliced(index + by, 0, field) });
  const setLog = (checked: boolean): void =>
    page.changeCard({ ...spec, logFields: checked ? [...spec.logFields, field] : spec.logFields.filter((other) => other !== field) });
  return (
    <li class="axis-item">
      <span class="axis-name">{name}</span>
      {describeField(page.runs.value, field).kind === 'number' && <Checkbox label="log" checked={log} onChange={setLog} />}
      <IconButton icon="arrow-left" label={`Move the axis ${name} left`} disabled={index === 0} onClick={() => move(-1)} />
      <IconButton icon="arrow-right" label={`Move the axis ${name} right`} disabled={index === spec.fields.length - 1} onClick={() => move(1)} />
      <IconButton
        icon="close"
        label={`Remove the axis ${name}`}
        disabled={spec.fields.length === 1}
        onClick={() => page.changeCard({ ...spec, fields: spec.fields.toSpliced(index, 1) })}
      />
    </li>
  );
};
