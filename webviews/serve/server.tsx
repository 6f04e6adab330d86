import type { JSX } from 'preact';
import type { ServedModelState, ServePage } from '../../schemas/serve-page.ts';
import { Button, Checkbox, Icon, IconButton } from '../shared/controls.tsx';
import { useTryIt } from './try-it.ts';

/** What is served, how it stands, and what can be done with it. */
export const Server = ({ page }: { readonly page: ServePage }): JSX.Element => {
  const tryIt = useTryIt();
  const { state } = page;
  return (
    <header class="server">
      <h1>
        <b>{page.label}</b>{' '}
        {page.source !== '' && (
          <span class="muted">
            of <bdi>{page.source}</bdi>
          </span>
        )}
      </h1>
      <div class="server-state">
        <State state={state} />
        <span class="buttons">
          {state.kind === 'failed' && state.missingPackage !== undefined && (
            <Button icon="cloud-download" onClick={() => void tryIt.act('install')}>
              Install {state.missingPackage} and restart
            </Button>
          )}
          {(state.kind === 'failed' || state.kind === 'stopped') && (
            <Button icon="play" onClick={() => void tryIt.act('restart')}>
              Start
            </Button>
          )}
          {state.kind === 'ready' && <IconButton icon="debug-restart" label="Restart" onClick={() => void tryIt.act('restart')} />}
          {(state.kind === 'ready' || state.kind === 'starting') && <IconButton icon="debug-stop" label="Stop" onClick={() => void tryIt.act('stop')} />}
          <IconButton icon="package" label="Open the model" onClick={() => void tryIt.act('openModel')} />
        </span>
      </div>
      <p class="muted about">
        <bdi>{page.modelUri}</bdi> in <bdi>{page.manager === 'local' ? page.interpreter : `an environment made by ${page.manager}`}</bdi>
      </p>
      {(state.kind === 'ready' || state.kind === 'starting') && (
        <Checkbox label="Goes on when this window is closed" checked={page.isKept} onChange={(isKept) => void tryIt.keep(isKept)} />
      )}
    </header>
  );
};

const State = ({ state }: { readonly state: ServedModelState }): JSX.Element => {
  const tryIt = useTryIt();
  if (state.kind === 'ready') {
    return (
      <span class="state state-ready">
        <Icon name="broadcast" />
        <span>
          Ready at <code>{state.address}</code>
        </span>
        <IconButton icon="copy" label="Copy the address" onClick={() => void tryIt.copy(`${state.address}/invocations`)} />
        {state.outside !== undefined && (
          <>
            <span class="muted">
              from outside <code>{state.outside}</code>
            </span>
            <IconButton icon="copy" label="Copy the address from outside" onClick={() => void tryIt.copy(`${state.outside ?? ''}/invocations`)} />
          </>
        )}
      </span>
    );
  }
  if (state.kind === 'failed') {
    return (
      <span class="state state-failed" role="alert">
        <Icon name="error" />
        <span>{state.message}</span>
      </span>
    );
  }
  const texts = { starting: 'Starting…', stopping: 'Stopping…', stopped: 'Stopped' } as const;
  return (
    <span class="state">
      <Icon name={state.kind === 'stopped' ? 'circle-slash' : 'loading'} spin={state.kind !== 'stopped'} />
      <span>{texts[state.kind]}</span>
    </span>
  );
};
