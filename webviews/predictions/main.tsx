import '@vscode/codicons/dist/codicon.css';
import '../shared/page.css';
import './predictions.css';
import { signal } from '@preact/signals';
import { render } from 'preact';
import type { PredictionFiles, PredictionsProtocol } from '../../schemas/predictions-page.ts';
import { createAnnouncer } from '../shared/announcer.tsx';
import { createHostClient } from '../shared/host.ts';
import { openVsCodeChannel } from '../shared/vscode-channel.ts';
import { App } from './app.tsx';

const host = createHostClient<PredictionsProtocol>(openVsCodeChannel());
const files = signal<PredictionFiles | undefined>(undefined);
const failure = signal<string | undefined>(undefined);

host.on('files', (given) => (files.value = given));
host.on('failed', ({ message }) => (failure.value = message));

render(<App view={{ host, files, failure, announcer: createAnnouncer() }} />, document.getElementById('root') ?? document.body);
host.ready();
