import { defaultRunsView, readRunsView, runsViewVersion, type RunsView } from '../../schemas/runs-view.ts';
import { errorMessage } from '../shared/errors.ts';
import { readJsonFile, type FileProblem } from './json-file.ts';

/** Where views of the runs table are, below a workspace folder. */
export const viewsFolder = '.mlflow-workbench/views';

export interface ViewFile {
  readonly view: RunsView;
  readonly problems: readonly FileProblem[];
}

export const readViewFile = (text: string): ViewFile => readJsonFile(text, { what: 'a view', empty: {}, read: readRunsView });

/** A view whose file cannot be read stands among the others, with the reason as its mistake. */
export const unreadableView = (error: unknown): ViewFile => ({
  view: defaultRunsView,
  problems: [{ line: 1, message: `The file cannot be read: ${errorMessage(error)}` }],
});

export const newViewFile = (view: RunsView): string => `${JSON.stringify({ version: runsViewVersion, ...view }, null, 2)}\n`;
