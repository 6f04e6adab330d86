import type { JSX } from 'preact';
import { useId } from 'preact/hooks';
import { useTryIt } from '../try-it.ts';
import type { TensorField } from './fields.ts';
import { Problem } from './request.tsx';
import { leaving } from './value-input.tsx';

export const TensorForm = ({ tensors }: { readonly tensors: readonly TensorField[] }): JSX.Element => (
  <>
    {tensors.map((field, index) => (
      <TensorInput key={field.label} field={field} index={index} />
    ))}
  </>
);

const TensorInput = ({ field, index }: { readonly field: TensorField; readonly index: number }): JSX.Element => {
  const tryIt = useTryIt();
  const id = useId();
  const place = { kind: 'tensor', index } as const;
  const problem = tryIt.problemAt(place);
  const { tensors } = tryIt.typed.value;
  const change = (text: string): void => tryIt.change({ tensors: tensors.map((each, at) => (at === index ? text : each)) });
  return (
    <div class={`tensor${tryIt.isBlamed(field.label) ? ' blamed' : ''}`}>
      <label for={id} class="field-head">
        <span class="field-name">{field.label}</span> <span class="muted">{field.typeText}</span>
      </label>
      <textarea
        id={id}
        class="input code"
        rows={6}
        spellcheck={false}
        value={tensors[index] ?? ''}
        placeholder="Lists of numbers, as JSON"
        aria-invalid={problem !== undefined}
        aria-describedby={`${id}-problem`}
        onInput={(event) => change(event.currentTarget.value)}
        onBlur={leaving(() => tryIt.touch(place))}
      />
      <Problem id={`${id}-problem`} message={problem} />
    </div>
  );
};
