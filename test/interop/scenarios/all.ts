import type { Replay } from '../../support/replay.ts';
import { experimentBadInput, experimentLifecycle, experimentRefusals, experimentSearch } from './experiments.ts';
import { hostileTexts } from './hostile-texts.ts';
import { bodies, routes } from './http.ts';
import { integers } from './integers.ts';
import { loggedModelBadInput, loggedModelLifecycle, loggedModelSearch } from './logged-models.ts';
import { versionBadInput, versionLifecycle } from './model-versions.ts';
import { modelBadInput, modelLifecycle, modelSearch } from './registered-models.ts';
import { batches, inputsAndOutputs, runBadInput, runLifecycle, runRefusals, values } from './runs.ts';
import { histories, searchLanguage, searchRequests } from './searches.ts';
import { versionSearch } from './version-searches.ts';
import { versionSources } from './version-sources.ts';

type Scenarios = readonly (readonly [title: string, scenario: (client: Replay) => Promise<void>])[];

/** Each list is sent to one store, in this order. */
export const trackingScenarios: Scenarios = [
  ['search of experiments', experimentSearch],
  ['life of an experiment', experimentLifecycle],
  ['experiments, bad input', experimentBadInput],
  ['life of a run', runLifecycle],
  ['runs, bad input', runBadInput],
  ['values', values],
  ['integers of 64 bits', integers],
  ['batches', batches],
  ['inputs and outputs', inputsAndOutputs],
  ['the search language', searchLanguage],
  ['requests of searches', searchRequests],
  ['histories', histories],
  ['bodies', bodies],
  ['routes', routes],
  ['hostile texts', hostileTexts],
  ['runs that ours refuses', runRefusals],
  ['experiments that ours refuses', experimentRefusals],
];

export const registryScenarios: Scenarios = [
  ['life of a registered model', modelLifecycle],
  ['search of registered models', modelSearch],
  ['life of a version', versionLifecycle],
  ['versions, bad input', versionBadInput],
  ['sources of versions', versionSources],
  ['search of versions', versionSearch],
  ['life of a logged model', loggedModelLifecycle],
  ['logged models, bad input', loggedModelBadInput],
  ['search of logged models', loggedModelSearch],
  // Last: what MLflow half reads and stores would show up in the other scenarios' lists.
  ['registered models, bad input', modelBadInput],
];
