import { asExperimentId, asRunId, type ExperimentId, type RunId } from '../../schemas/ids.ts';
import { MlflowError } from '../shared/errors.ts';

/** What a link beside the editor asks to be shown; `store` is the text of an address, which anybody may have written. */
export type DeepLink =
  | { readonly kind: 'run'; readonly store: string; readonly runId: RunId }
  | { readonly kind: 'experiment'; readonly store: string; readonly experimentId: ExperimentId };

const authority = 'mlflow-workbench.mlflow-workbench';
/** MLflow's rule for ids of runs, and more than it makes itself for experiments. */
const idPatterns = { run: /^[\w-]{1,64}$/, experiment: /^[\w-]{1,32}$/ } as const;

/** Reads `/run?store=…&id=…` and `/experiment?store=…&id=…`; throws MlflowError in words for a person. */
export const readDeepLink = (path: string, query: string): DeepLink => {
  const kind = path.slice(1);
  if (kind !== 'run' && kind !== 'experiment') throw new MlflowError('INVALID_PARAMETER_VALUE', 'The link is of neither a run nor an experiment');
  const parameters = new URLSearchParams(query);
  const [store, id] = [parameters.get('store') ?? '', parameters.get('id') ?? ''];
  if (!/^(https?:\/\/|sqlite:\/\/\/|file:\/\/\/)./i.test(store))
    throw new MlflowError('INVALID_PARAMETER_VALUE', 'The link names no store: sqlite:///…, file:///… or http(s)://…');
  if (!idPatterns[kind].test(id)) throw new MlflowError('INVALID_PARAMETER_VALUE', `The link has no id of a${kind === 'run' ? ' run' : 'n experiment'}`);
  return kind === 'run' ? { kind, store, runId: asRunId(id) } : { kind, store, experimentId: asExperimentId(id) };
};

/** `scheme` is the editor's own: `vscode`, `vscode-insiders`, … */
export const writeDeepLink = (scheme: string, link: DeepLink): string => {
  const id = link.kind === 'run' ? link.runId : link.experimentId;
  return `${scheme}://${authority}/${link.kind}?${new URLSearchParams({ store: link.store, id }).toString()}`;
};
