import type { JSX } from 'preact';
import type { ShownChange, ShownMetricChange, VersionChanges } from '../../schemas/model-page.ts';
import { Icon } from '../shared/controls.tsx';
import { Section, type ModelView } from './app.tsx';

/** What is other than in the version before. */
export const ChangesSection = ({ view }: { readonly view: ModelView }): JSX.Element | null => {
  const [version, changes] = [view.version.value, view.changes.value];
  if (version === undefined) return null;
  if (changes === undefined) return <p class="muted">Comparing with the version before…</p>;
  const { previous } = changes;
  if (previous === undefined) return <p class="muted">There is no version before this one.</p>;
  return (
    <Section title={`Changed since version ${previous}`}>
      <SignatureChanges previous={previous} changes={changes} />
      <Table title="Metrics" names={[previous, version.version]} rows={changes.metrics} />
      <Table title="Params" names={[previous, version.version]} rows={changes.params} />
      <Table title="Packages" names={[previous, version.version]} rows={changes.packages} />
      <Table title="Data" names={[previous, version.version]} rows={changes.data} />
      <Table title="Commit" names={[previous, version.version]} rows={changes.commit === undefined ? [] : [changes.commit]} />
      {sameText(changes) !== '' && <p class="muted">The same: {sameText(changes)}.</p>}
      {changes.notes.map((note) => (
        <p key={note} class="about">
          <Icon name="warning" /> <bdi>{note}</bdi>
        </p>
      ))}
    </Section>
  );
};

/** What could not be read is not said to be the same. */
const sameText = ({ params, signature, packages, data, commit, notes }: VersionChanges): string =>
  [
    ...(params.length === 0 ? ['params'] : []),
    ...(signature.length === 0 && notes.length === 0 ? ['signature'] : []),
    ...(packages.length === 0 && notes.length === 0 ? ['packages'] : []),
    ...(data.length === 0 ? ['data'] : []),
    ...(commit === undefined ? ['commit'] : []),
  ].join(', ');

const SignatureChanges = ({ previous, changes: { signature } }: { readonly previous: number; readonly changes: VersionChanges }): JSX.Element | null => {
  if (signature.length === 0) return null;
  const breaks = signature.some((change) => change.breaks);
  return (
    <>
      <p class={`about verdict verdict-${breaks ? 'differs' : 'met'}`}>
        <Icon name={breaks ? 'warning' : 'pass'} />{' '}
        {breaks ? `Callers of version ${previous} break: the signature has changed` : `The signature has changed; callers of version ${previous} can call it`}
      </p>
      <ul>
        {signature.map((change) => (
          <li key={change.text} class="code">
            <bdi>{change.text}</bdi>
            {change.breaks && ': breaks'}
          </li>
        ))}
      </ul>
    </>
  );
};

interface TableProps {
  readonly title: string;
  /** Numbers of the versions. */
  readonly names: readonly [number, number];
  readonly rows: readonly (ShownChange | ShownMetricChange)[];
}

const Table = ({ title, names: [before, after], rows }: TableProps): JSX.Element | null => {
  if (rows.length === 0) return null;
  return (
    <table>
      <caption>{title}</caption>
      <thead>
        <tr>
          <th scope="col">name</th>
          <th scope="col">version {before}</th>
          <th scope="col">version {after}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.name}>
            <th scope="row">{row.name}</th>
            <td class="code">{orNone(row.before)}</td>
            <td class="code">
              <bdi>{orNone(row.after)}</bdi> {'verdict' in row && row.delta !== '' && <Delta change={row} />}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
};

const orNone = (text: string): string => (text === '' ? '–' : text);

const verdicts = { better: ['thumbsup', 'met', ', better'], worse: ['thumbsdown', 'differs', ', worse'], none: ['', '', ''] } as const;

const Delta = ({ change: { delta, verdict } }: { readonly change: ShownMetricChange }): JSX.Element => {
  const [icon, look, word] = verdicts[verdict];
  return (
    <span class={`verdict verdict-${look}`}>
      {delta}
      {word} {icon !== '' && <Icon name={icon} />}
    </span>
  );
};
