import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { LiveRegion } from '../shared/announcer.tsx';
import { Icon } from '../shared/controls.tsx';
import { ReloadNotice } from '../shared/reload-notice.tsx';
import { Reply } from './reply/reply.tsx';
import { Request } from './request/request.tsx';
import { Server } from './server.tsx';
import { ServerLog } from './server-log.tsx';
import { useTryIt } from './try-it.ts';

export const App = (): JSX.Element => {
  const { host, page, input, failure, announcer } = useTryIt();
  const label = page.value?.label;
  useEffect(() => {
    document.title = label === undefined ? 'Serve' : `Serve ${label}`;
  }, [label]);
  return (
    <main class="page" aria-label={label === undefined ? 'Serve a model' : `Serve ${label}`}>
      <ReloadNotice alive={host.alive} />
      {page.value === undefined ? <p class="muted">Looking for the model…</p> : <Server page={page.value} />}
      {failure.value !== undefined && (
        <div class="notice notice-error" role="alert">
          <Icon name="error" />
          <span>{failure.value}</span>
        </div>
      )}
      <ServerLog />
      {input.value !== undefined && (
        <>
          {input.value.notes.map((note) => (
            <div key={note} class="notice">
              <Icon name="info" />
              <span>{note}</span>
            </div>
          ))}
          <Request />
          <Reply />
        </>
      )}
      <LiveRegion announcer={announcer} />
    </main>
  );
};
