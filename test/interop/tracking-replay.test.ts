import { testSameAnswers } from '../support/same-answers.ts';
import { artifacts } from './scenarios/artifacts.ts';
import { trackingDifferences } from './scenarios/differences.ts';
import { experimentBadInput, experimentLifecycle, experimentRefusals, experimentSearch } from './scenarios/experiments.ts';
import { callers, hostileTexts, targets } from './scenarios/front-door.ts';
import { bodies, routes } from './scenarios/http.ts';
import { integers } from './scenarios/integers.ts';
import { batches, inputsAndOutputs, runBadInput, runLifecycle, runRefusals, values } from './scenarios/runs.ts';
import { histories, searchLanguage, searchRequests } from './scenarios/searches.ts';

testSameAnswers(trackingDifferences, [
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
  ['artifacts', artifacts],
  ['callers', callers],
  ['hostile texts', hostileTexts],
  ['targets', targets],
  ['runs that ours refuses', runRefusals],
  ['experiments that ours refuses', experimentRefusals],
]);
