import '@vscode/codicons/dist/codicon.css';
import '../shared/page.css';
import './serve.css';
import { render } from 'preact';
import type { ServeProtocol } from '../../schemas/serve-page.ts';
import { createHostClient } from '../shared/host.ts';
import { openVsCodeChannel } from '../shared/vscode-channel.ts';
import { App } from './app.tsx';
import { createTryIt, TryItContext } from './try-it.ts';

const host = createHostClient<ServeProtocol>(openVsCodeChannel());
const tryIt = createTryIt(host);

render(
  <TryItContext.Provider value={tryIt}>
    <App />
  </TryItContext.Provider>,
  document.getElementById('root') ?? document.body,
);
host.ready();
