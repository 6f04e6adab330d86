import '@vscode/codicons/dist/codicon.css';
import '../shared/page.css';
import './model.css';
import { signal } from '@preact/signals';
import { render } from 'preact';
import type { ModelPage, ModelProtocol, ModelSurroundings } from '../../schemas/model-page.ts';
import { createAnnouncer } from '../shared/announcer.tsx';
import { createHostClient } from '../shared/host.ts';
import { openVsCodeChannel } from '../shared/vscode-channel.ts';
import { App } from './app.tsx';

const host = createHostClient<ModelProtocol>(openVsCodeChannel());
const model = signal<ModelPage | undefined>(undefined);
const surroundings = signal<ModelSurroundings | undefined>(undefined);
const failure = signal<string | undefined>(undefined);

host.on('model', (given) => {
  model.value = given;
  failure.value = undefined;
});
host.on('surroundings', (given) => (surroundings.value = given));
host.on('failed', ({ message }) => (failure.value = message));

render(<App view={{ host, model, surroundings, failure, announcer: createAnnouncer() }} />, document.getElementById('root') ?? document.body);
host.ready();
