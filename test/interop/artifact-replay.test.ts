import type { Difference } from '../support/replay.ts';
import { testSameAnswers } from '../support/same-answers.ts';
import { artifactAddresses, artifactBadInput, artifactLifecycle } from './scenarios/artifacts.ts';

const differences: readonly Difference[] = [
  { reason: 'a user error is never 5xx: clients retry those for minutes', mlflow: { status: 500 }, ours: { status: 400 } },
  { reason: 'a user error is never 5xx: clients retry those for minutes', mlflow: { status: 500 }, ours: { status: 404 } },
];

testSameAnswers(differences, [
  ['life of artifacts', artifactLifecycle],
  ['artifacts, bad input', artifactBadInput],
  ['artifacts, addresses', artifactAddresses],
]);
