import type { JSX } from 'preact';
import { useId } from 'preact/hooks';
import { isEnvironmentManager } from '../../schemas/run-choices.ts';
import { Checkbox, Icon } from '../shared/controls.tsx';
import { useForm } from './form.ts';
import { choicesText } from './typed.ts';

/** Where the run goes, and what it runs with. */
export const Where = (): JSX.Element => (
  <fieldset>
    <legend>Run</legend>
    <Experiment />
    <RunName />
    {useForm().shown.value?.isDocker === true ? <Container /> : <Manager />}
  </fieldset>
);

const Experiment = (): JSX.Element => {
  const { shown, typed, change } = useForm();
  const id = useId();
  const { experiment } = typed.value;
  const experiments = shown.value?.experiments ?? [];
  return (
    <div class="line">
      <label for={id}>Experiment</label>
      <input
        id={id}
        class="input"
        type="text"
        list={`${id}-experiments`}
        placeholder="Default"
        value={experiment}
        onInput={(event) => change({ experiment: event.currentTarget.value })}
      />
      <datalist id={`${id}-experiments`}>
        {experiments.map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
      <span class="about muted">{experiment === '' || experiments.includes(experiment) ? '' : 'is made when it is new'}</span>
    </div>
  );
};

const RunName = (): JSX.Element => {
  const { typed, change } = useForm();
  const id = useId();
  return (
    <div class="line">
      <label for={id}>Run name</label>
      <input
        id={id}
        class="input"
        type="text"
        placeholder="made up"
        value={typed.value.runName}
        onInput={(event) => change({ runName: event.currentTarget.value })}
      />
    </div>
  );
};

const Manager = (): JSX.Element => {
  const form = useForm();
  const id = useId();
  const { manager } = form.typed.value;
  const managers = form.shown.value?.managers ?? [];
  return (
    <div class="line">
      <label for={`${id}-manager`}>Environment</label>
      <span class="select">
        <select
          id={`${id}-manager`}
          value={manager}
          aria-describedby={`${id}-note`}
          onChange={({ currentTarget: { value } }) => isEnvironmentManager(value) && form.change({ manager: value })}
        >
          {managers.map((each) => (
            <option key={each.manager} value={each.manager}>
              {each.manager}
            </option>
          ))}
        </select>
        <Icon name="chevron-down" />
      </span>
      <span id={`${id}-note`} class="about muted">
        {managers.find((each) => each.manager === manager)?.note}
      </span>
    </div>
  );
};

const Container = (): JSX.Element => {
  const form = useForm();
  return (
    <div class="line">
      <span>Container</span>
      <Checkbox label="Build an image with the project in it" checked={form.typed.value.buildImage} onChange={(buildImage) => form.change({ buildImage })} />
    </div>
  );
};

/** Fills the form with an earlier start. */
export const History = (): JSX.Element | null => {
  const form = useForm();
  const history = form.shown.value?.history ?? [];
  if (history.length === 0) return null;
  const choose = (select: HTMLSelectElement): void => {
    const index = Number(select.value);
    form.fill(index < 0 ? undefined : history[index]);
    // It offers, it does not show a state: any of them can be taken again.
    select.value = '';
  };
  return (
    <span class="select">
      <select aria-label="Fill with an earlier start" value="" onChange={(event) => choose(event.currentTarget)}>
        <option value="" disabled hidden>
          Earlier starts
        </option>
        <option value={-1}>the defaults</option>
        {history.map((choices, index) => (
          <option key={index} value={index}>
            {choicesText(choices)}
          </option>
        ))}
      </select>
      <Icon name="history" />
    </span>
  );
};
