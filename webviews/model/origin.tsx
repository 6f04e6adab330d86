import type { JSX } from 'preact';
import { askHost, Section, type ModelView } from './app.tsx';

/** Where the model is from, and what points to it. */
export const OriginSection = ({ view }: { readonly view: ModelView }): JSX.Element | null => {
  const { run, versions = [] } = view.surroundings.value ?? {};
  if (run === undefined && versions.length === 0) return null;
  return (
    <Section title="Origin and versions">
      {run !== undefined && (
        <p>
          Logged by the run{' '}
          <button type="button" class="link" onClick={() => void askHost(view, 'openRun', { runId: run.runId })}>
            {run.name}
          </button>
          {run.datasets.length > 0 && ` with ${run.datasets.join(', ')}`}
        </p>
      )}
      <ul>
        {versions.map(({ name, version, aliases, stage }) => (
          <li key={`${name} ${version}`}>
            <button type="button" class="link" onClick={() => void askHost(view, 'openVersion', { name, version })}>
              {name} version {version}
            </button>{' '}
            <span class="muted">{[...aliases.map((alias) => `@${alias}`), ...(stage === undefined ? [] : [stage])].join(' ')}</span>
          </li>
        ))}
      </ul>
    </Section>
  );
};
