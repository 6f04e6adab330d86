import type { JSX } from 'preact';
import { useId } from 'preact/hooks';
import { IconButton } from '../../shared/controls.tsx';
import { useTryIt } from '../try-it.ts';
import type { ParamField } from './fields.ts';
import { Problem } from './request.tsx';
import { ValueInput } from './value-input.tsx';

/** What can be given beside the data; what is left alone keeps its default. */
export const ParamFields = (): JSX.Element | null => {
  const { params } = useTryIt().shape.value;
  if (params.length === 0) return null;
  return (
    <fieldset class="params">
      <legend>Params</legend>
      {params.map((field) => (
        <ParamInput key={field.name} field={field} />
      ))}
    </fieldset>
  );
};

const ParamInput = ({ field }: { readonly field: ParamField }): JSX.Element => {
  const tryIt = useTryIt();
  const id = useId();
  const { name, param, typeText } = field;
  const place = { kind: 'param', name } as const;
  const problem = tryIt.problemAt(place);
  const given = tryIt.typed.value.params;
  const value = Object.hasOwn(given, name) ? (given[name] ?? '') : '';
  const usual = JSON.stringify(param.defaultValue);
  const { [name]: _, ...others } = given;
  return (
    <div class={`param${tryIt.isBlamed(name) ? ' blamed' : ''}`}>
      <span class="field-head" title={name}>
        <span class="field-name">{name}</span> <span class="muted">{typeText}</span>
      </span>
      <span class="param-value">
        <ValueInput
          id={id}
          label={name}
          type={param.isList ? { kind: 'array', items: param.type } : param.type}
          isRequired={false}
          value={value}
          problem={problem}
          placeholder={usual}
          onChange={(text) => tryIt.change({ params: { ...given, [name]: text } })}
          onLeave={() => tryIt.touch(place)}
        />
        {Object.hasOwn(given, name) && <IconButton icon="discard" label={`Back to the default of ${name}`} onClick={() => tryIt.change({ params: others })} />}
      </span>
      <Problem id={`${id}-problem`} message={problem} />
    </div>
  );
};
