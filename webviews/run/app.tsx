import type { JSX } from 'preact';
import { LiveRegion } from '../shared/announcer.tsx';
import { Icon, IconButton } from '../shared/controls.tsx';
import { ReloadNotice } from '../shared/reload-notice.tsx';
import { RunHeader } from './header/run-header.tsx';
import type { RunPage } from './page.ts';
import { Tabs, type ShownTab } from './tab-list.tsx';

interface AppProps {
  readonly page: RunPage;
  readonly tabs: readonly ShownTab[];
}

export const App = ({ page, tabs }: AppProps): JSX.Element => {
  const run = page.run.value;
  const onKeyDown = (event: KeyboardEvent): void => {
    const isTyping = event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement;
    if (event.key !== 'z' || !(event.ctrlKey || event.metaKey) || event.shiftKey || isTyping || page.lastChange.peek() === undefined) return;
    event.preventDefault();
    page.undo();
  };
  return (
    <main class="run-page" aria-label={run === undefined ? 'Run' : `Run ${run.name}`} onKeyDown={onKeyDown}>
      <div class={`progress${run === undefined && page.readFailure.value === undefined ? ' active' : ''}`} />
      <ReloadNotice alive={page.host.alive} />
      <Notices page={page} />
      {run === undefined ? (
        <>
          <h1 class="visually-hidden">Run</h1>
          {page.readFailure.value === undefined && <p class="muted">Reading the run…</p>}
        </>
      ) : (
        <>
          <RunHeader page={page} run={run} />
          <Tabs page={page} tabs={tabs} />
        </>
      )}
      <LiveRegion announcer={page.announcer} />
    </main>
  );
};

/** What cannot be shown or done, and why; what is there stays. */
const Notices = ({ page }: { readonly page: RunPage }): JSX.Element => {
  const { run, place, readFailure, failure, lastChange } = page;
  const readOnlyReason = place.value?.readOnlyReason;
  return (
    <div class="notices">
      {readFailure.value !== undefined && (
        <Notice
          kind="error"
          icon="error"
          text={readFailure.value.isGone ? `This run is no longer there. ${readFailure.value.message}` : readFailure.value.message}
        >
          <NoticeButton label="Try Again" onClick={() => void page.ask('readAgain', null)} />
        </Notice>
      )}
      {run.value?.isDeleted === true && readFailure.value === undefined && (
        <Notice kind="warning" icon="trash" text="This run is deleted.">
          {readOnlyReason === undefined && <NoticeButton label="Restore" onClick={() => void page.ask('restoreRun', null)} />}
        </Notice>
      )}
      {readOnlyReason !== undefined && <Notice kind="info" icon="lock" text={`This store can only be read: ${readOnlyReason}`} />}
      {place.value?.isTrusted === false && (
        <Notice kind="info" icon="shield" text="This workspace is not trusted: the run is shown, and nothing of it is run or opened as code." />
      )}
      {failure.value !== undefined && (
        <Notice kind="error" icon="error" text={failure.value}>
          <IconButton icon="close" label="Close" onClick={() => page.dismiss()} />
        </Notice>
      )}
      {lastChange.value !== undefined && failure.value === undefined && (
        <Notice kind="info" icon="check" text={lastChange.value.text}>
          <NoticeButton label="Undo" onClick={() => page.undo()} />
          <IconButton icon="close" label="Close" onClick={() => page.dismiss()} />
        </Notice>
      )}
    </div>
  );
};

interface NoticeProps {
  readonly kind: 'error' | 'warning' | 'info';
  readonly icon: string;
  readonly text: string;
  readonly children?: JSX.Element | false | readonly JSX.Element[];
}

const Notice = ({ kind, icon, text, children }: NoticeProps): JSX.Element => (
  <div class={`notice${kind === 'info' ? '' : ` notice-${kind}`}`} role={kind === 'info' ? 'status' : 'alert'}>
    <Icon name={icon} />
    <bdi class="notice-text">{text}</bdi>
    {children}
  </div>
);

const NoticeButton = ({ label, onClick }: { readonly label: string; onClick(): void }): JSX.Element => (
  <button type="button" class="link" onClick={onClick}>
    {label}
  </button>
);
