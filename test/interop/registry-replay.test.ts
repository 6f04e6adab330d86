import type { Difference } from '../support/replay.ts';
import { testSameAnswers } from '../support/same-answers.ts';
import { loggedModelBadInput, loggedModelLifecycle, loggedModelSearch } from './scenarios/logged-models.ts';
import { versionBadInput, versionLifecycle, versionSearch, versionSources } from './scenarios/model-versions.ts';
import { modelBadInput, modelLifecycle, modelSearch } from './scenarios/registered-models.ts';

const differences: readonly Difference[] = [
  { reason: 'a user error is never 5xx: clients retry those for minutes', mlflow: { status: 500 }, ours: { status: 400 } },
  { reason: 'a user error is never 5xx: clients retry those for minutes', mlflow: { status: 500 }, ours: { status: 404 } },
  {
    reason: 'where MLflow shows what its database said, ours says what is wrong',
    mlflow: { status: 400, body: /sqlite3\.\w+Error/ },
    ours: { status: 400 },
  },
  {
    reason: 'a message of which MLflow can read a part only is refused',
    mlflow: { body: /parameter 'key'|"registered_model"|"model":/ },
    ours: { status: 400, body: /Invalid value .* for parameter 'tags/ },
  },
  {
    reason: 'no model has 2^53 versions: such a number is none',
    request: /9223372036854775807/,
    mlflow: { status: 404 },
    ours: { status: 400, body: /must be an integer/ },
  },
  { reason: 'a filter for a version that cannot be finds none', mlflow: { status: 500, body: /too large to convert/ }, ours: { status: 200, body: /^\{\}$/ } },
  { reason: 'the aliases of times work with their prefix too', request: /attributes\.creation_time/, mlflow: { status: 500 }, ours: { status: 200 } },
  {
    reason: 'ours has no setting to allow such sources, so it names none',
    mlflow: { body: /MLFLOW_ALLOWED_HOST_ADDRESSED_ARTIFACT_SCHEMES/ },
    ours: { status: 400, body: /addresses a host other than the tracking server's configured artifact storage/ },
  },
];

testSameAnswers(differences, [
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
