import type { ReadonlySignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { formatAge, formatDateTime } from '../../schemas/format.ts';
import type { ModelAction, ModelSnapshot, RegisteredModelProtocol } from '../../schemas/registered-model-page.ts';
import { Button, Icon } from '../shared/controls.tsx';
import type { HostClient } from '../shared/host.ts';
import { Markdown } from '../shared/markdown.tsx';
import { ReloadNotice } from '../shared/reload-notice.tsx';
import { MetricChart } from './metric-chart.tsx';
import { VersionTable } from './version-table.tsx';

export interface AppProps {
  readonly host: HostClient<RegisteredModelProtocol>;
  readonly shown: ReadonlySignal<ModelSnapshot | undefined>;
  readonly failure: ReadonlySignal<string | undefined>;
}

export const App = ({ host, shown, failure }: AppProps): JSX.Element => {
  const model = shown.value;
  const act = (action: ModelAction): void => void host.request('act', { action });
  return (
    <main class="page" aria-label={model === undefined ? 'Registered model' : `Registered model ${model.name}`}>
      <ReloadNotice alive={host.alive} />
      {failure.value !== undefined && (
        <p class="notice" role="alert">
          <Icon name="error" /> {failure.value}
        </p>
      )}
      {model === undefined ? failure.value === undefined && <p class="muted">Reading the model…</p> : <Model host={host} model={model} act={act} />}
    </main>
  );
};

interface ModelProps {
  readonly host: AppProps['host'];
  readonly model: ModelSnapshot;
  act(action: ModelAction): void;
}

const Model = ({ host, model, act }: ModelProps): JSX.Element => {
  useEffect(() => {
    document.title = model.name;
  }, [model.name]);
  return (
    <>
      <header>
        <h1>{model.name}</h1>
        <p class="muted">
          <bdi>{model.store}</bdi> · created <Time at={model.createdAt} /> · updated <Time at={model.updatedAt} />
        </p>
        <div class="buttons">
          <Button icon="edit" onClick={() => act('editDescription')}>
            Edit Description
          </Button>
          <Button icon="tag" onClick={() => act('setTag')}>
            Set Tag…
          </Button>
          <Button icon="diff" onClick={() => act('compareVersions')}>
            Compare Versions…
          </Button>
        </div>
      </header>
      {model.description === '' ? <p class="muted">No description yet.</p> : <Description text={model.description} />}
      <Labels title="Aliases" items={model.aliases.map(({ alias, version }) => `@${alias} · version ${version}`)} />
      <Labels
        title="Tags"
        items={Object.entries(model.tags)
          .toSorted(([a], [b]) => (a < b ? -1 : 1))
          .map(([key, value]) => `${key}: ${value}`)}
      />
      <MetricChart versions={model.versions} />
      <VersionTable model={model} host={host} />
      <Changes model={model} act={act} />
    </>
  );
};

const Description = ({ text }: { readonly text: string }): JSX.Element => (
  <div class="description" tabIndex={0} role="region" aria-label="Description">
    <Markdown text={text} />
  </div>
);

const Time = ({ at }: { readonly at: number }): JSX.Element => <time title={formatDateTime(at)}>{formatAge(at, Date.now())}</time>;

const Labels = ({ title, items }: { readonly title: string; readonly items: readonly string[] }): JSX.Element | null =>
  items.length === 0 ? null : (
    <section aria-label={title}>
      <h2>{title}</h2>
      <ul class="labels">
        {items.map((item) => (
          <li key={item} title={item}>
            {item}
          </li>
        ))}
      </ul>
    </section>
  );

const Changes = ({ model, act }: Pick<ModelProps, 'model' | 'act'>): JSX.Element => (
  <section aria-label="History">
    <h2>History</h2>
    {model.history.length === 0 && <p class="muted">Nothing has changed yet.</p>}
    <ul class="changes">
      {model.history.map(({ time, text, by, kind }) => (
        <li key={`${time} ${text}`}>
          <Time at={time} />
          <span title={text}>{text}</span>
          <span class="muted">
            {by} {kind === 'observed' ? '(observed)' : ''}
          </span>
        </li>
      ))}
    </ul>
    <div class="buttons">
      <Button icon="history" onClick={() => act('showHistory')}>
        Show All
      </Button>
      <Button icon="export" onClick={() => act('exportHistory')}>
        Export…
      </Button>
    </div>
  </section>
);
