import '@vscode/codicons/dist/codicon.css';
import '../shared/page.css';
import './runs.css';
import { render } from 'preact';
import type { RunsProtocol } from '../../schemas/runs-protocol.ts';
import { createHostClient } from '../shared/host.ts';
import { watchTheme } from '../shared/theme.ts';
import { openVsCodeChannel } from '../shared/vscode-channel.ts';
import { App } from './app.tsx';
import { createRunsPage } from './create-page.ts';
import { PageContext } from './page.ts';

const host = createHostClient<RunsProtocol>(openVsCodeChannel());
const { theme } = watchTheme(document);
const page = createRunsPage({ host, theme });

render(
  <PageContext.Provider value={page}>
    <App />
  </PageContext.Provider>,
  document.getElementById('root') ?? document.body,
);
host.ready();
