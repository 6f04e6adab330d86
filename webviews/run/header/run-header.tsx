import { useSignal } from '@preact/signals';
import type { ComponentChildren, JSX } from 'preact';
import { formatAge, formatDateTime, formatDuration } from '../../../schemas/format.ts';
import type { RunModel, ShownRun } from '../../../schemas/run-protocol.ts';
import { Button, Icon, IconButton } from '../../shared/controls.tsx';
import { styleRuns } from '../../shared/palette.ts';
import { EditField } from '../edit-field.tsx';
import type { RunPage } from '../page.ts';
import { RunStatus } from '../run-status.tsx';

interface HeaderProps {
  readonly page: RunPage;
  readonly run: ShownRun;
}

export const RunHeader = ({ page, run }: HeaderProps): JSX.Element => (
  <header class="run-header">
    <RunName page={page} run={run} />
    <div class="buttons">
      <Button icon="git-compare" onClick={() => void page.ask('compare', null)}>
        Compare…
      </Button>
      <Button icon="list-tree" onClick={() => void page.ask('reveal', null)}>
        Show in Experiments
      </Button>
    </div>
    <Facts page={page} run={run} />
  </header>
);

const RunName = ({ page, run }: HeaderProps): JSX.Element => {
  const editing = useSignal(false);
  const color = styleRuns([run], page.theme.value.hues).get(run.runId)?.color ?? 'currentColor';
  const rename = async (name: string): Promise<void> => {
    const before = run.name;
    if (name === before || !(await page.ask('rename', { name }))) return;
    page.changed({ text: `Renamed to “${name}”.`, undo: async () => page.ask('rename', { name: before }) });
  };
  return (
    <div class="run-name">
      <svg class="run-dot" viewBox="0 0 10 10" aria-hidden="true">
        <circle cx="5" cy="5" r="5" fill={color} />
      </svg>
      {editing.value ? (
        <>
          <h1 class="visually-hidden">{run.name}</h1>
          <EditField label="Name of the run" value={run.name} needsText onDone={() => (editing.value = false)} onSave={rename} />
        </>
      ) : (
        <>
          <h1>
            <bdi>{run.name === '' ? run.runId : run.name}</bdi>
          </h1>
          {page.canEdit.value && <IconButton icon="edit" label="Rename" onClick={() => (editing.value = true)} />}
        </>
      )}
      <RunStatus status={run.status} />
      {run.isProbablyDead && <span class="muted">probably dead</span>}
    </div>
  );
};

const Facts = ({ page, run }: HeaderProps): JSX.Element => {
  const around = page.surroundings.value;
  return (
    <dl class="facts">
      <Copyable page={page} name="Run ID" value={run.runId} />
      <Fact name="Experiment">
        <bdi>{around?.experiment ?? run.experimentId}</bdi>
        <span class="muted">
          {' of '}
          <bdi>{page.place.value?.store ?? ''}</bdi>
        </span>{' '}
        <IconButton icon="copy" label="Copy Experiment ID" onClick={() => page.copy(run.experimentId, 'the Experiment ID')} />
      </Fact>
      <Times page={page} run={run} />
      {run.user !== '' && (
        <Fact name="User">
          <bdi>{run.user}</bdi>
        </Fact>
      )}
      <Source page={page} run={run} />
      <Copyable page={page} name="Artifacts" value={run.artifactUri} />
      {around?.parent !== undefined && (
        <Fact name="Parent">
          <RunLink page={page} run={around.parent} />
        </Fact>
      )}
      {run.datasets.length > 0 && (
        <Fact name="Datasets">
          {run.datasets.map(({ name, digest, context }) => (
            <span key={`${name} ${digest} ${context ?? ''}`} class="item">
              <bdi>{name}</bdi>{' '}
              <span class="muted">
                <bdi>{digest}</bdi>
                {context !== undefined && (
                  <>
                    {' · '}
                    <bdi>{context}</bdi>
                  </>
                )}
              </span>
            </span>
          ))}
        </Fact>
      )}
      {around !== undefined && around.models.length > 0 && (
        <Fact name="Models">
          {around.models.map((model) => (
            <ModelLink key={`${model.role} ${model.modelUri} ${model.step ?? ''}`} page={page} model={model} />
          ))}
        </Fact>
      )}
    </dl>
  );
};

const Fact = ({ name, children }: { readonly name: string; readonly children: ComponentChildren }): JSX.Element => (
  <>
    <dt>{name}</dt>
    <dd>{children}</dd>
  </>
);

const Copyable = ({ page, name, value }: { readonly page: RunPage; readonly name: string; readonly value: string }): JSX.Element => (
  <Fact name={name}>
    <code class="cut" title={value}>
      {value}
    </code>{' '}
    <IconButton icon="copy" label={`Copy ${name}`} onClick={() => page.copy(value, `the ${name}`)} />
  </Fact>
);

const Times = ({ page, run: { startTime, endTime, status } }: HeaderProps): JSX.Element | null => {
  if (startTime === undefined) return null;
  const now = page.now.value;
  const end = endTime ?? (status === 'RUNNING' ? now : undefined);
  const until = endTime === undefined ? '' : ` – ${formatDateTime(endTime)}`;
  return (
    <>
      <Fact name="Started">
        <time dateTime={isoTime(startTime)} title={formatDateTime(startTime)}>
          {formatAge(startTime, now)}
        </time>
      </Fact>
      {end !== undefined && (
        <Fact name="Duration">
          <span title={formatDateTime(startTime) + until}>{formatDuration(Math.max(0, end - startTime))}</span>
        </Fact>
      )}
    </>
  );
};

/** Beyond what a Date can hold there is none. */
const isoTime = (time: number): string | undefined => (Math.abs(time) <= 8.64e15 ? new Date(time).toISOString() : undefined);

const Source = ({ page, run: { source } }: HeaderProps): JSX.Element | null => {
  if (source === undefined) return null;
  const { name, entryPoint, commit, branch } = source;
  return (
    <Fact name="Source">
      <button type="button" class="link" title={name} onClick={() => void page.ask('openSource', null)}>
        <bdi>{shortPath(name)}</bdi>
      </button>
      {entryPoint !== undefined && <bdi class="muted"> {entryPoint}</bdi>}
      {commit !== undefined && (
        <span class="muted">
          {' at '}
          <code title={commit}>{commit.slice(0, 8)}</code>
          {branch !== undefined && (
            <>
              {' of '}
              <bdi>{branch}</bdi>
            </>
          )}
          <IconButton icon="copy" label="Copy commit" onClick={() => page.copy(commit, 'the commit')} />
        </span>
      )}
    </Fact>
  );
};

const shortPath = (name: string): string => (/^\w+:\/\//.test(name) ? name : (name.split(/[\\/]/).findLast((part) => part !== '') ?? name));

export const RunLink = ({
  page,
  run,
}: {
  readonly page: RunPage;
  readonly run: { readonly runId: string; readonly name: string; readonly status: string };
}): JSX.Element => (
  <span class="item">
    <RunStatus status={run.status} iconOnly />
    <button type="button" class="link" title={run.runId} onClick={() => void page.ask('openRun', { runId: run.runId })}>
      <bdi>{run.name === '' ? run.runId : run.name}</bdi>
    </button>
  </span>
);

const ModelLink = ({ page, model: { name, modelUri, role, step } }: { readonly page: RunPage; readonly model: RunModel }): JSX.Element => (
  <span class="item">
    <Icon name="package" />
    <button type="button" class="link" title={modelUri} onClick={() => void page.ask('openModel', { modelUri })}>
      <bdi>{name}</bdi>
    </button>
    <span class="muted">{[...(role === 'input' ? ['input'] : []), ...(step === undefined || step === 0 ? [] : [`step ${step}`])].join(' · ')}</span>
  </span>
);
