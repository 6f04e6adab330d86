import '@vscode/codicons/dist/codicon.css';
import '../shared/page.css';
import './registered-model.css';
import { signal } from '@preact/signals';
import { render } from 'preact';
import type { ModelSnapshot, RegisteredModelProtocol } from '../../schemas/registered-model-page.ts';
import { createHostClient } from '../shared/host.ts';
import { openVsCodeChannel } from '../shared/vscode-channel.ts';
import { App } from './app.tsx';

const host = createHostClient<RegisteredModelProtocol>(openVsCodeChannel());
const shown = signal<ModelSnapshot | undefined>(undefined);
const failure = signal<string | undefined>(undefined);

host.on('snapshot', (snapshot) => {
  shown.value = snapshot;
  failure.value = undefined;
});
host.on('failed', ({ message }) => (failure.value = message));

render(<App host={host} shown={shown} failure={failure} />, document.getElementById('root') ?? document.body);
host.ready();
