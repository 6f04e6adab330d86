import '@vscode/codicons/dist/codicon.css';
import '../shared/page.css';
import './run-form.css';
import { render } from 'preact';
import type { RunFormProtocol } from '../../schemas/run-form.ts';
import { createHostClient } from '../shared/host.ts';
import { openVsCodeChannel } from '../shared/vscode-channel.ts';
import { App } from './app.tsx';
import { createForm, FormContext } from './form.ts';

const host = createHostClient<RunFormProtocol>(openVsCodeChannel());
const form = createForm(host);

render(
  <FormContext.Provider value={form}>
    <App />
  </FormContext.Provider>,
  document.getElementById('root') ?? document.body,
);
host.ready();
