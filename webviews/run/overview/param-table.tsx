import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import type { NamedText } from '../../../schemas/run-protocol.ts';
import { IconButton } from '../../shared/controls.tsx';
import { FilterBox, keysWith } from '../filter-box.tsx';
import { LongText } from '../long-text.tsx';
import type { RunPage } from '../page.ts';
import { Section } from '../section.tsx';

/** Rows that are there without being asked for; with fewer there is nothing to filter. */
const firstRows = 200;
const fewRows = 12;

interface ParamTableProps {
  readonly page: RunPage;
  readonly params: readonly NamedText[];
}

/** MLflow writes a param once: there is nothing to edit. */
export const ParamTable = ({ page, params }: ParamTableProps): JSX.Element => {
  const filter = useSignal('');
  const all = useSignal(false);
  const found = keysWith(params, filter.value);
  const shown = all.value ? found : found.slice(0, firstRows);
  const actions = params.length > fewRows && <FilterBox label="Filter params" filter={filter} />;
  return (
    <Section title={`Params (${params.length.toLocaleString('en-US')})`} actions={actions}>
      {params.length === 0 && <p class="muted">This run has logged no params.</p>}
      {params.length > 0 && found.length === 0 && <p class="muted">No param has that in its name.</p>}
      {shown.length > 0 && (
        <table class="values">
          <thead>
            <tr>
              <th scope="col">Param</th>
              <th scope="col">Value</th>
            </tr>
          </thead>
          <tbody>
            {shown.map(({ key, value }) => (
              <tr key={key}>
                <th scope="row">
                  <bdi>{key}</bdi>
                </th>
                <td>
                  <LongText text={value} /> <IconButton icon="copy" label={`Copy ${key}`} onClick={() => page.copy(value, key)} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {shown.length < found.length && (
        <button type="button" class="link" onClick={() => (all.value = true)}>
          Show all {found.length.toLocaleString('en-US')}
        </button>
      )}
    </Section>
  );
};
