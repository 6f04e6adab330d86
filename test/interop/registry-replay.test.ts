import { testSameAnswers } from '../support/same-answers.ts';
import { registryDifferences } from './scenarios/differences.ts';
import { loggedModelBadInput, loggedModelLifecycle, loggedModelSearch } from './scenarios/logged-models.ts';
import { versionBadInput, versionLifecycle, versionSearch, versionSources } from './scenarios/model-versions.ts';
import { modelBadInput, modelLifecycle, modelSearch } from './scenarios/registered-models.ts';

testSameAnswers(registryDifferences, [
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
]);
