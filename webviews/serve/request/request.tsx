import type { JSX } from 'preact';
import { Icon } from '../../shared/controls.tsx';
import { useTryIt } from '../try-it.ts';
import type { Mode } from '../view.ts';
import { ParamFields } from './param-fields.tsx';
import { RawRequest } from './raw-request.tsx';
import { TableForm } from './table-form.tsx';
import { TensorForm } from './tensor-form.tsx';

/** The request: built in a form, or written by hand. */
export const Request = (): JSX.Element => {
  const tryIt = useTryIt();
  const { data } = tryIt.shape.value;
  const submit = async (element: HTMLFormElement): Promise<void> => {
    await tryIt.send();
    // By then the fields are marked.
    requestAnimationFrame(() => element.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
  };
  return (
    <form
      class="request"
      aria-label="Request"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void submit(event.currentTarget);
      }}
    >
      <div class="section-head">
        <h2>Try it</h2>
        {data.kind !== 'free' && <ModeSwitch />}
      </div>
      {tryIt.mode.value === 'raw' || data.kind === 'free' ? (
        <RawRequest />
      ) : (
        <>
          {data.kind === 'table' ? <TableForm columns={data.columns} /> : <TensorForm tensors={data.tensors} />}
          <ParamFields />
        </>
      )}
      <Problem message={tryIt.problemAt({ kind: 'request' })} />
      <Actions />
    </form>
  );
};

const modes: readonly { readonly mode: Mode; readonly label: string }[] = [
  { mode: 'form', label: 'Form' },
  { mode: 'raw', label: 'Raw' },
];

const ModeSwitch = (): JSX.Element => {
  const tryIt = useTryIt();
  return (
    <span class="switch" role="group" aria-label="How the request is written">
      {modes.map(({ mode, label }) => (
        <button key={mode} type="button" class="switch-button" aria-pressed={tryIt.mode.value === mode} onClick={() => tryIt.setMode(mode)}>
          {label}
        </button>
      ))}
    </span>
  );
};

export const Problem = ({ message, id }: { readonly message: string | undefined; readonly id?: string }): JSX.Element | null =>
  message === undefined ? null : (
    <div class="problem" id={id}>
      <Icon name="error" />
      <span>{message}</span>
    </div>
  );

const Actions = (): JSX.Element => {
  const tryIt = useTryIt();
  const isReady = tryIt.page.value?.state.kind === 'ready';
  const { data } = tryIt.shape.value;
  return (
    <div class="buttons">
      <button
        type="submit"
        class="button button-primary"
        disabled={!isReady || tryIt.busy.value}
        title={isReady ? 'Send the request' : 'The model is not served yet'}
      >
        <Icon name={tryIt.busy.value ? 'loading' : 'play'} spin={tryIt.busy.value} />
        <span>Send</span>
      </button>
      {tryIt.busy.value && <Action icon="close" label="Give up" onClick={tryIt.cancel} />}
      {tryIt.input.value?.example !== undefined && <Action icon="lightbulb" label="Use the example" onClick={tryIt.useExample} />}
      {data.kind === 'table' && tryIt.mode.value === 'form' && <Action icon="table" label="Rows from a file…" onClick={() => void tryIt.loadRows()} />}
      <Action icon="clear-all" label="Clear" onClick={tryIt.clear} />
      <Action icon="copy" label="Copy as curl" onClick={() => void tryIt.copyAs('curl')} />
      <Action icon="copy" label="Copy as Python" onClick={() => void tryIt.copyAs('python')} />
    </div>
  );
};

const Action = ({ icon, label, onClick }: { readonly icon: string; readonly label: string; onClick(): void }): JSX.Element => (
  <button type="button" class="button" onClick={onClick}>
    <Icon name={icon} />
    <span>{label}</span>
  </button>
);
