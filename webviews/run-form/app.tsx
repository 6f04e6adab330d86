import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { LiveRegion } from '../shared/announcer.tsx';
import { Icon } from '../shared/controls.tsx';
import { ReloadNotice } from '../shared/reload-notice.tsx';
import { CommandPreview } from './command-preview.tsx';
import { useForm } from './form.ts';
import { ParameterField } from './parameter-field.tsx';
import { RowList } from './row-list.tsx';
import { History, Where } from './where.tsx';

export const App = (): JSX.Element => {
  const form = useForm();
  const shown = form.shown.value;
  return (
    <main class="page" aria-label={shown === undefined ? 'Run an entry point' : `Run ${shown.entryPoint}`}>
      <ReloadNotice alive={form.host.alive} />
      {shown === undefined ? <p class="page-message">Reading the project…</p> : <Fields />}
      <LiveRegion announcer={form.announcer} />
    </main>
  );
};

const Fields = (): JSX.Element => {
  const form = useForm();
  const submit = async (element: HTMLFormElement): Promise<void> => {
    await form.run();
    element.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  };
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void submit(event.currentTarget);
      }}
    >
      <Heading />
      <Parameters />
      <Where />
      <Rows />
      <CommandPreview />
      <Failure />
      <Buttons />
    </form>
  );
};

/** Names and values without a declaration. */
const Rows = (): JSX.Element => {
  const { typed, shown, change } = useForm();
  const { extras, variables, dockerArgs } = typed.value;
  return (
    <>
      <RowList
        title="Other parameters"
        hint="Appended to the command as --name value."
        add="Add parameter"
        kind="parameter"
        rows={extras}
        onChange={(rows) => change({ extras: rows })}
      />
      <RowList
        title="Environment variables"
        hint="On top of those that the editor has."
        add="Add variable"
        kind="variable"
        rows={variables}
        onChange={(rows) => change({ variables: rows })}
      />
      {shown.value?.isDocker === true && (
        <RowList
          title="Options of docker run"
          hint="Without dashes; a flag has no value."
          add="Add option"
          kind="option"
          rows={dockerArgs}
          onChange={(rows) => change({ dockerArgs: rows })}
        />
      )}
    </>
  );
};

const Heading = (): JSX.Element => {
  const shown = useForm().shown.value;
  const title = `Run ${shown?.entryPoint ?? ''}`;
  useEffect(() => {
    document.title = title;
  }, [title]);
  return (
    <header class="heading">
      <h1>
        Run <b>{shown?.entryPoint}</b>{' '}
        <span class="muted">
          of <bdi>{shown?.project}</bdi>
        </span>
      </h1>
      <History />
    </header>
  );
};

const Parameters = (): JSX.Element => {
  const parameters = useForm().shown.value?.parameters ?? [];
  return (
    <fieldset>
      <legend>Parameters</legend>
      {parameters.length === 0 && <p class="muted">This entry point declares none.</p>}
      {parameters.map((parameter) => (
        <ParameterField key={parameter.name} parameter={parameter} />
      ))}
    </fieldset>
  );
};

const Failure = (): JSX.Element | null => {
  const { failure } = useForm();
  return failure.value === undefined ? null : (
    <div class="notice notice-error" role="alert">
      <Icon name="error" />
      <span>{failure.value}</span>
    </div>
  );
};

const Buttons = (): JSX.Element => {
  const form = useForm();
  return (
    <div class="buttons">
      <button type="submit" class="button button-primary" disabled={form.busy.value}>
        <Icon name={form.busy.value ? 'loading' : 'play'} spin={form.busy.value} />
        <span>Run</span>
      </button>
      <button type="button" class="button" onClick={() => void form.copyCommand()}>
        <Icon name="copy" />
        <span>Copy as mlflow run</span>
      </button>
      <button type="button" class="button" onClick={() => void form.saveTask()}>
        <Icon name="tasklist" />
        <span>Save as Task</span>
      </button>
    </div>
  );
};
