import type { JSX } from 'preact';
import type { EnvironmentCheck, ModelPage } from '../../schemas/model-page.ts';
import type { PackageCheck, PackageVerdict } from '../../schemas/requirement-check.ts';
import { Icon } from '../shared/controls.tsx';
import { askHost, Section, type ModelView } from './app.tsx';

interface EnvironmentProps {
  readonly view: ModelView;
  readonly model: ModelPage;
}

/** What the model was made with, against what the workspace's Python has. */
export const EnvironmentSection = ({ view, model }: EnvironmentProps): JSX.Element => {
  const check = view.surroundings.value?.environment;
  return (
    <Section title="Environment">
      <p class="links">
        {model.environmentFiles.map((path) => (
          <button key={path} type="button" class="link" onClick={() => void askHost(view, 'openFile', { path })}>
            {path}
          </button>
        ))}
        {model.environmentFiles.length === 0 && <span class="muted">The model says nothing of its environment.</span>}
      </p>
      {model.variables.length > 0 && <p>It asks for the environment variables {model.variables.join(', ')}.</p>}
      {check === undefined ? <p class="muted">Comparing with the Python of the workspace…</p> : <Check check={check} />}
    </Section>
  );
};

const Check = ({ check }: { readonly check: EnvironmentCheck }): JSX.Element => {
  if (check.kind === 'unchecked') return <p class="muted">{check.reason}</p>;
  const { python, packages, interpreter } = check;
  const wrong = packages.filter(({ verdict }) => verdict === 'missing' || verdict === 'differs').length;
  return (
    <>
      <p class="about">
        {wrong === 0 ? 'All packages are as required' : `${wrong} of ${packages.length} packages are not as required`} in{' '}
        <span class="code">{interpreter}</span>
        {python.required !== undefined && ` (Python ${python.installed}; the model was saved with ${python.required})`}.
      </p>
      {packages.length > 0 && (
        <table>
          <thead>
            <tr>
              <th scope="col">package</th>
              <th scope="col">required</th>
              <th scope="col">installed</th>
              <th scope="col">
                <span class="visually-hidden">verdict</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {packages.map((each) => (
              <PackageRow key={each.name} check={each} />
            ))}
          </tbody>
        </table>
      )}
    </>
  );
};

const verdicts: Readonly<Record<PackageVerdict, { readonly icon: string; readonly text: string }>> = {
  met: { icon: 'pass', text: 'as required' },
  differs: { icon: 'warning', text: 'another version' },
  missing: { icon: 'error', text: 'missing' },
  unknown: { icon: 'question', text: 'not compared' },
};

const PackageRow = ({ check: { name, required, installed, verdict } }: { readonly check: PackageCheck }): JSX.Element => (
  <tr>
    <th scope="row">{name}</th>
    <td class="code">{required === '' ? 'any' : required}</td>
    <td class="code">{installed ?? '–'}</td>
    <td class={`verdict verdict-${verdict}`}>
      <Icon name={verdicts[verdict].icon} /> {verdicts[verdict].text}
    </td>
  </tr>
);
