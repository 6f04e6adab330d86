import '@vscode/codicons/dist/codicon.css';
import '../shared/page.css';
import './model.css';
import { signal } from '@preact/signals';
import { render } from 'preact';
import type { ModelPage, ModelProtocol, ModelSurroundings, RegisteredVersion, VersionChanges } from '../../schemas/model-page.ts';
import { createAnnouncer } from '../shared/announcer.tsx';
import { createHostClient } from '../shared/host.ts';
import { openVsCodeChannel } from '../shared/vscode-channel.ts';
import { App } from './app.tsx';

const host = createHostClient<ModelProtocol>(openVsCodeChannel());
const model = signal<ModelPage | undefined>(undefined);
const surroundings = signal<ModelSurroundings | undefined>(undefined);
const version = signal<RegisteredVersion | undefined>(undefined);
const changes = signal<VersionChanges | undefined>(undefined);
const failure = signal<string | undefined>(undefined);

host.on('model', (given) => {
  model.value = given;
  failure.value = undefined;
});
host.on('surroundings', (given) => (surroundings.value = given));
host.on('version', (given) => {
  if (given.version !== version.value?.version) changes.value = undefined;
  version.value = given;
});
host.on('changes', (given) => (changes.value = given));
host.on('failed', ({ message }) => (failure.value = message));

const view = { host, model, surroundings, version, changes, failure, announcer: createAnnouncer() };
render(<App view={view} />, document.getElementById('root') ?? document.body);
host.ready();
