import type { JSX } from 'preact';
import { useId } from 'preact/hooks';
import type { FormParameter, FormProblem } from '../../schemas/run-form.ts';
import { Icon, IconButton } from '../shared/controls.tsx';
import { useForm } from './form.ts';

interface FieldProps {
  readonly parameter: FormParameter;
  readonly id: string;
  readonly value: string;
  readonly problem: FormProblem | undefined;
  readonly change: (text: string) => void;
}

/** One line per parameter: its name, a field, and what is to be known of it. */
export const ParameterField = ({ parameter }: { readonly parameter: FormParameter }): JSX.Element => {
  const form = useForm();
  const id = useId();
  const { name } = parameter;
  const problem = form.problemOf(`parameter:${name}`);
  const change = (text: string): void => form.change({ parameters: new Map([...form.typed.value.parameters, [name, text]]) });
  const props: FieldProps = { parameter, id, value: form.typed.value.parameters.get(name) ?? '', problem, change };
  return (
    <div class="line">
      <label for={id} title={name}>
        {name}
      </label>
      <div class="control">
        <div class="input-and-buttons">
          <Input {...props} />
          <FieldButtons {...props} />
        </div>
        <Problem id={`${id}-problem`} problem={problem} />
      </div>
      <span id={`${id}-about`} class="about muted">
        {aboutText(parameter)}
      </span>
    </div>
  );
};

const Input = ({ parameter, id, value, problem, change }: FieldProps): JSX.Element => {
  const form = useForm();
  const props = {
    id,
    class: 'input',
    value,
    spellcheck: false,
    'aria-required': parameter.defaultValue === undefined,
    'aria-invalid': problem?.severity === 'error',
    'aria-describedby': `${id}-about ${id}-problem`,
    onBlur: () => form.touch(`parameter:${parameter.name}`),
  };
  if (value.includes('\n')) return <textarea {...props} rows={Math.min(8, value.split('\n').length)} onInput={(event) => change(event.currentTarget.value)} />;
  return (
    <input
      {...props}
      type="text"
      inputMode={parameter.type === 'float' ? 'decimal' : 'text'}
      onInput={(event) => change(event.currentTarget.value)}
      onPaste={(event) => pasteLines(event, change)}
    />
  );
};

const FieldButtons = ({ parameter: { name, type, defaultValue }, value, change }: FieldProps): JSX.Element => {
  const form = useForm();
  return (
    <>
      {(type === 'path' || type === 'uri') && <IconButton icon="folder-opened" label={`Browse for ${name}…`} onClick={() => void form.browse(name)} />}
      {defaultValue !== undefined && value !== defaultValue && (
        <IconButton icon="discard" label={`Back to the default of ${name}`} onClick={() => change(defaultValue)} />
      )}
    </>
  );
};

/** A field of one line would lose line breaks; with one in it, it is a field of several. */
const pasteLines = (event: ClipboardEvent & { readonly currentTarget: HTMLInputElement }, change: (text: string) => void): void => {
  const text = event.clipboardData?.getData('text/plain') ?? '';
  if (!text.includes('\n')) return;
  event.preventDefault();
  const { value, selectionStart, selectionEnd } = event.currentTarget;
  change(value.slice(0, selectionStart ?? value.length) + text + value.slice(selectionEnd ?? value.length));
};

const aboutText = ({ type, defaultValue }: FormParameter): string => {
  if (defaultValue === undefined) return `${type}, needed`;
  return defaultValue === '' ? `${type}, empty by default` : `${type}, by default ${defaultValue}`;
};

export const Problem = ({ id, problem }: { readonly id: string; readonly problem: FormProblem | undefined }): JSX.Element => (
  <div id={id} class={`problem problem-${problem?.severity ?? 'none'}`}>
    {problem !== undefined && (
      <>
        <Icon name={problem.severity} />
        <span>{problem.message}</span>
      </>
    )}
  </div>
);
