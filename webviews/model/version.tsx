import type { JSX } from 'preact';
import { formatAge, formatDateTime } from '../../schemas/format.ts';
import type { NamedValue, RegisteredVersion } from '../../schemas/model-page.ts';
import { Markdown } from '../shared/markdown.tsx';
import { askHost, Facts, Section, type ModelView } from './app.tsx';

/** What the registry says of the version; nothing for a model that is not registered. */
export const VersionSection = ({ view }: { readonly view: ModelView }): JSX.Element | null => {
  const version = view.version.value;
  if (version === undefined) return null;
  return (
    <Section title={`Registered as ${version.name}, version ${version.version}`}>
      <Facts values={factsOf(version)} />
      <SourceRun view={view} run={version.run} />
      {version.description !== '' && <Markdown text={version.description} />}
    </Section>
  );
};

const runWords = { active: '', deleted: ', which is deleted', gone: ', which is gone' } as const;

const SourceRun = ({ view, run }: { readonly view: ModelView; readonly run: RegisteredVersion['run'] }): JSX.Element | null => {
  if (run === undefined) return <p class="muted">It was made by no run.</p>;
  const { runId, name, state } = run;
  return (
    <p>
      Made by the run{' '}
      {state === 'gone' ? (
        <bdi>{name}</bdi>
      ) : (
        <button type="button" class="link" onClick={() => void askHost(view, 'openRun', { runId })}>
          <bdi>{name}</bdi>
        </button>
      )}
      {runWords[state]}
    </p>
  );
};

const time = (at: number): string => `${formatAge(at, Date.now())} (${formatDateTime(at)})`;

const factsOf = ({ status, statusMessage, stage, aliases, source, creator, createdAt, updatedAt, tags }: RegisteredVersion): readonly NamedValue[] =>
  [
    { name: 'Status', value: statusMessage === '' ? status : `${status}. ${statusMessage}` },
    { name: 'Stage', value: stage ?? '' },
    { name: 'Aliases', value: aliases.length === 0 ? 'none' : aliases.map((alias) => `@${alias}`).join(' ') },
    { name: 'Source', value: source },
    { name: 'Creator', value: creator },
    { name: 'Registered', value: time(createdAt) },
    { name: 'Updated', value: time(updatedAt) },
    ...tags.map(({ name, value }) => ({ name: `Tag ${name}`, value })),
  ].filter(({ value }) => value !== '');
