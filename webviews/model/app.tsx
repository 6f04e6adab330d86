import type { Signal } from '@preact/signals';
import type { ComponentChildren, JSX } from 'preact';
import { formatBytes } from '../../schemas/format.ts';
import type { ModelPage, ModelProtocol, ModelSurroundings, NamedValue, RegisteredVersion, VersionChanges } from '../../schemas/model-page.ts';
import { LiveRegion, type Announcer } from '../shared/announcer.tsx';
import { Icon } from '../shared/controls.tsx';
import type { HostClient } from '../shared/host.ts';
import { ReloadNotice } from '../shared/reload-notice.tsx';
import { EnvironmentSection } from './environment.tsx';
import { OriginSection } from './origin.tsx';
import { ChangesSection } from './changes.tsx';
import { SignatureSection } from './signature.tsx';
import { VersionSection } from './version.tsx';

export interface ModelView {
  readonly host: HostClient<ModelProtocol>;
  readonly model: Signal<ModelPage | undefined>;
  readonly surroundings: Signal<ModelSurroundings | undefined>;
  /** Of a registered version only. */
  readonly version: Signal<RegisteredVersion | undefined>;
  readonly changes: Signal<VersionChanges | undefined>;
  /** What the host said when something failed. */
  readonly failure: Signal<string | undefined>;
  readonly announcer: Announcer;
}

interface ViewProps {
  readonly view: ModelView;
}

type Requests = ModelProtocol['requests'];

/** Asks the host, and tells what it says when that fails. */
export const askHost = async <Method extends keyof Requests>(
  { host, failure }: ModelView,
  method: Method,
  params: Requests[Method]['params'],
): Promise<void> => {
  failure.value = undefined;
  try {
    await host.request(method, params);
  } catch (error) {
    failure.value = error instanceof Error ? error.message : String(error);
  }
};

export const App = ({ view }: ViewProps): JSX.Element => {
  const model = view.model.value;
  return (
    <main class="page" aria-label={model === undefined ? 'Model' : `Model ${model.label}`}>
      <ReloadNotice alive={view.host.alive} />
      {view.failure.value !== undefined && (
        <div class="notice notice-error" role="alert">
          <Icon name="error" />
          <span>{view.failure.value}</span>
        </div>
      )}
      {model === undefined ? <WithoutModel view={view} /> : <Whole view={view} model={model} />}
      <LiveRegion announcer={view.announcer} />
    </main>
  );
};

/** What is registered is shown, whatever has become of its files. */
const WithoutModel = ({ view }: ViewProps): JSX.Element => {
  const version = view.version.value;
  return (
    <>
      {version !== undefined && (
        <h1>
          <b>
            <bdi>{version.name}</bdi>/{version.version}
          </b>
        </h1>
      )}
      <VersionSection view={view} />
      <ChangesSection view={view} />
      {view.failure.value === undefined && <p class="muted">Reading the model…</p>}
    </>
  );
};

interface ModelProps extends ViewProps {
  readonly model: ModelPage;
}

const Whole = ({ view, model }: ModelProps): JSX.Element => (
  <>
    <Heading view={view} model={model} />
    {model.problems.map((problem) => (
      <div key={problem} class="notice notice-warning">
        <Icon name="warning" />
        <span>{problem}</span>
      </div>
    ))}
    <VersionSection view={view} />
    <ChangesSection view={view} />
    {view.version.value === undefined ? (
      <Facts values={model.facts} />
    ) : (
      <Section title="Model">
        <Facts values={model.facts} />
      </Section>
    )}
    <SignatureSection signature={model.signature} />
    {model.example !== undefined && (
      <Section title="Input example">
        <pre tabIndex={0} aria-label="Input example">
          {model.example.slice(0, 20_000)}
        </pre>
      </Section>
    )}
    <Flavors model={model} />
    <EnvironmentSection view={view} model={model} />
    <OriginSection view={view} />
    {model.more.length > 0 && (
      <Section title="More">
        <dl class="facts">
          {model.more.map(({ name, value }) => (
            <Value key={name} name={name} value={value} />
          ))}
        </dl>
      </Section>
    )}
    <Files view={view} model={model} />
  </>
);

const Heading = ({ view, model }: ModelProps): JSX.Element => (
  <header class="heading">
    <h1>
      <b>{model.label}</b>{' '}
      {model.source !== '' && (
        <span class="muted">
          of <bdi>{model.source}</bdi>
        </span>
      )}
    </h1>
    <div class="buttons">
      <Action icon="broadcast" label="Serve" primary isOff={!model.canServe} onClick={() => void askHost(view, 'serve', { chooses: false })} />
      <Action icon="settings" label="Serve with…" isOff={!model.canServe} onClick={() => void askHost(view, 'serve', { chooses: true })} />
      <Action icon="go-to-file" label="Open as text" onClick={() => void askHost(view, 'openFile', { path: 'MLmodel' })} />
      <Action icon="code" label="Copy snippet…" onClick={() => void askHost(view, 'copySnippet', null)} />
      <Action icon="copy" label="Copy URI" onClick={() => void askHost(view, 'copy', { text: model.modelUri }).then(() => view.announcer.say('Copied'))} />
    </div>
    <p class="muted about">{model.modelUri}</p>
  </header>
);

interface ActionProps {
  readonly icon: string;
  readonly label: string;
  readonly primary?: boolean;
  readonly isOff?: boolean;
  onClick(): void;
}

const Action = ({ icon, label, primary = false, isOff = false, onClick }: ActionProps): JSX.Element => (
  <button
    type="button"
    class={primary ? 'button button-primary' : 'button'}
    disabled={isOff}
    title={isOff ? 'MLflow cannot serve it: it has no python_function flavor' : label}
    onClick={onClick}
  >
    <Icon name={icon} />
    <span>{label}</span>
  </button>
);

export const Section = ({ title, children }: { readonly title: string; readonly children: ComponentChildren }): JSX.Element => (
  <section aria-label={title}>
    <h2>{title}</h2>
    {children}
  </section>
);

export const Facts = ({ values }: { readonly values: readonly NamedValue[] }): JSX.Element => (
  <dl class="facts">
    {values.map(({ name, value }) => (
      <Value key={name} name={name} value={value} />
    ))}
  </dl>
);

/** Long values keep their lines. */
const Value = ({ name, value }: NamedValue): JSX.Element => (
  <>
    <dt>{name}</dt>
    <dd>{value.includes('\n') ? <pre tabIndex={0}>{value}</pre> : value}</dd>
  </>
);

const Flavors = ({ model: { flavors } }: { readonly model: ModelPage }): JSX.Element => (
  <Section title="Flavors">
    {flavors.length === 0 && <p class="muted">It has none: nothing can load it.</p>}
    {flavors.map(({ name, loader, values }) => (
      <details key={name} open={flavors.length <= 3}>
        <summary>
          <b>{name}</b>{' '}
          {loader !== undefined && (
            <span class="muted">
              loaded by <bdi>{loader}</bdi>
            </span>
          )}
        </summary>
        <dl class="facts">
          {values.map((value) => (
            <Value key={value.name} {...value} />
          ))}
        </dl>
      </details>
    ))}
  </Section>
);

const Files = ({ view, model: { files } }: ModelProps): JSX.Element | null => {
  if (files === undefined || files.length === 0) return null;
  return (
    <Section title="Files">
      <ul class="files">
        {files.map(({ path, size }) => (
          <li key={path}>
            <button type="button" class="link" onClick={() => void askHost(view, 'openFile', { path })}>
              {path}
            </button>
            {size !== undefined && <span class="muted"> {formatBytes(size)}</span>}
          </li>
        ))}
      </ul>
    </Section>
  );
};
