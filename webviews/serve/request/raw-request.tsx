import type { JSX } from 'preact';
import { useId, useMemo } from 'preact/hooks';
import { Select } from '../../shared/controls.tsx';
import { useTryIt } from '../try-it.ts';
import { formats, formatsFor, type Format } from './formats.ts';
import { leaving } from './value-input.tsx';

const names: Readonly<Record<Format, string>> = {
  dataframe_split: 'dataframe_split',
  dataframe_records: 'dataframe_records',
  instances: 'instances',
  inputs: 'inputs',
  csv: 'CSV',
};

/** The body as it is sent, in any of MLflow's formats. */
export const RawRequest = (): JSX.Element => {
  const tryIt = useTryIt();
  const id = useId();
  const shape = tryIt.shape.value;
  const offered = useMemo(() => {
    const fitting = formatsFor(shape);
    return formats.map((format) => ({ value: format, label: fitting.includes(format) ? names[format] : `${names[format]} (does not fit the signature)` }));
  }, [shape]);
  const isWrong = tryIt.problemAt({ kind: 'request' }) !== undefined;
  return (
    <div class="raw">
      <Select label="Format" value={tryIt.format.value} choices={offered} onChange={tryIt.setFormat} />
      <label for={id} class="visually-hidden">
        Body of the request
      </label>
      <textarea
        id={id}
        class="input code"
        rows={Math.min(24, Math.max(8, tryIt.raw.value.split('\n').length + 1))}
        spellcheck={false}
        value={tryIt.raw.value}
        aria-invalid={isWrong}
        onInput={(event) => tryIt.setRaw(event.currentTarget.value)}
        onBlur={leaving(() => tryIt.touch({ kind: 'request' }))}
      />
    </div>
  );
};
