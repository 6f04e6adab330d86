import type { JSX } from 'preact';
import type { EnvironmentComparison, RunCode } from '../../../schemas/run-code-protocol.ts';
import { Button } from '../../shared/controls.tsx';
import type { RunPage } from '../page.ts';
import { Section } from '../section.tsx';
import type { ShownCode } from './run-code.ts';

interface EnvironmentProps {
  readonly page: RunPage;
  readonly code: ShownCode;
}

export const Environment = ({ page, code }: EnvironmentProps): JSX.Element => (
  <Section title="Environment">
    <EnvironmentContent page={page} code={code} />
  </Section>
);

const EnvironmentContent = ({ page, code }: EnvironmentProps): JSX.Element => {
  const [read, failure, comparison] = [code.read.value, code.failure.value, code.comparison.value];
  if (failure !== undefined)
    return (
      <p class="muted">
        It cannot be read: <bdi>{failure}</bdi>
      </p>
    );
  if (read === undefined) return <p class="muted">Reading…</p>;
  if (read.environment === undefined)
    return <p class="muted">The run names no environment: neither it nor one of its models has a requirements.txt, conda.yaml or python_env.yaml.</p>;
  return (
    <>
      <div class="buttons">
        {page.place.value?.isTrusted !== false && (
          <Button icon="compare-changes" onClick={() => code.compare('interpreter')}>
            Compare with Python of the Workspace
          </Button>
        )}
        <Button icon="compare-changes" onClick={() => code.compare('run')}>
          Compare with Another Run…
        </Button>
      </div>
      {code.isComparing.value && <p class="muted">Comparing…</p>}
      {comparison !== undefined && !code.isComparing.value && <Comparison comparison={comparison} />}
      <Packages environment={read.environment} />
    </>
  );
};

const Comparison = ({ comparison: { other, changes } }: { readonly comparison: EnvironmentComparison }): JSX.Element => {
  if (changes.length === 0)
    return (
      <p role="status">
        All packages are as in <bdi>{other}</bdi>.
      </p>
    );
  return (
    <table class="values package-changes" aria-label={`Packages that differ from ${other}`}>
      <thead>
        <tr>
          <th scope="col">Differs</th>
          <th scope="col">This run</th>
          <th scope="col">
            <bdi>{other}</bdi>
          </th>
        </tr>
      </thead>
      <tbody>
        {changes.map(({ name, before, after }) => (
          <tr key={name}>
            <th scope="row">
              <bdi>{name}</bdi>
            </th>
            <Version text={before} />
            <Version text={after} />
          </tr>
        ))}
      </tbody>
    </table>
  );
};

const Version = ({ text }: { readonly text: string | undefined }): JSX.Element =>
  text === undefined ? (
    <td class="muted">none</td>
  ) : (
    <td>
      <bdi>{versionText(text)}</bdi>
    </td>
  );

const Packages = ({ environment: { model, packages } }: { readonly environment: NonNullable<RunCode['environment']> }): JSX.Element => (
  <details>
    <summary>
      {packages.length} {packages.length === 1 ? 'package' : 'packages'}
      {model !== undefined && (
        <>
          {' '}
          of the model <bdi>{model}</bdi>
        </>
      )}
    </summary>
    <table class="values" aria-label="Packages">
      <tbody>
        {packages.map(({ name, version }) => (
          <tr key={name}>
            <th scope="row">
              <bdi>{name}</bdi>
            </th>
            <Version text={version} />
          </tr>
        ))}
      </tbody>
    </table>
  </details>
);

const versionText = (version: string): string => (version === '' ? 'any version' : version.replace(/^==(?!=)/, ''));
