import { host, known } from './first-words.ts';
import '@vscode/codicons/dist/codicon.css';
import '../shared/page.css';
import './compare.css';
import { render } from 'preact';
import { watchTheme } from '../shared/theme.ts';
import { createVisibility } from '../shared/visibility.ts';
import { App } from './app.tsx';
import type { Inspection } from './inspection.ts';
import { createComparePage } from './create-page.ts';
import { PageContext } from './page.ts';

declare global {
  /** For tests and for support: what the charts show. */
  var mlflowWorkbench: Inspection | undefined;
}

const { theme } = watchTheme(document);
const page = createComparePage({ host, theme, known });
globalThis.mlflowWorkbench = page.inspection;

render(
  <PageContext.Provider value={page}>
    <App visibility={createVisibility()} />
  </PageContext.Provider>,
  document.getElementById('root') ?? document.body,
);
