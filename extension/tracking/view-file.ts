import { readRunsView, runsViewVersion, type RunsView } from '../../schemas/runs-view.ts';
import { readJsonFile, type FileProblem } from './json-file.ts';

/** Where views of the runs table are, below a workspace folder. */
export const viewsFolder = '.mlflow-workbench/views';

export interface ViewFile {
  readonly view: RunsView;
  readonly problems: readonly FileProblem[];
}

export const readViewFile = (text: string): ViewFile => readJsonFile(text, { what: 'a view', empty: {}, read: readRunsView });

export const newViewFile = (view: RunsView): string => `${JSON.stringify({ version: runsViewVersion, ...view }, null, 2)}\n`;
