import '@vscode/codicons/dist/codicon.css';
import '../shared/page.css';
import './run.css';
import './artifacts/artifacts.css';
import './code/code.css';
import './log/log.css';
import { render } from 'preact';
import type { RunProtocol } from '../../schemas/run-protocol.ts';
import { createHostClient } from '../shared/host.ts';
import { watchTheme } from '../shared/theme.ts';
import { openVsCodeChannel } from '../shared/vscode-channel.ts';
import { App } from './app.tsx';
import { createRunPage } from './create-page.ts';
import { keepScroll } from './scroll-place.ts';
import { runTabs } from './tabs.tsx';

const host = createHostClient<RunProtocol>(openVsCodeChannel());
const { theme } = watchTheme(document);
const page = createRunPage({ host, theme, firstTab: runTabs[0]?.id ?? '' });
const tabs = runTabs.map((tab) => ({ ...tab, Panel: tab.create(page) }));

render(<App page={page} tabs={tabs} />, document.getElementById('root') ?? document.body);
keepScroll(page);
host.ready();
