import type { Difference } from '../support/replay.ts';
import { testSameAnswers } from '../support/same-answers.ts';
import { artifactAddresses, artifactBadInput, artifactLifecycle, artifactPercentSigns } from './scenarios/artifacts.ts';

const differences: readonly Difference[] = [
  { reason: 'a user error is never 5xx: clients retry those for minutes', mlflow: { status: 500 }, ours: { status: 400 } },
  { reason: 'a user error is never 5xx: clients retry those for minutes', mlflow: { status: 500 }, ours: { status: 404 } },
  { reason: 'an upload is answered in JSON, as all else', request: /^PUT /, mlflow: { status: 200, body: /^""$/ }, ours: { status: 200, body: /^\{\}$/ } },
  { reason: 'an empty file has a size too', mlflow: { status: 200, body: /\{"is_dir":false,"path":"empty\.txt"\}/ }, ours: { body: /"file_size":0/ } },
  {
    reason: 'a # is a character of a name',
    request: /path=a%23b/,
    mlflow: { status: 400 },
    ours: { body: /^\{(?:"root_uri":"[^"]*")?\}$|No such artifact: 'a#b'/ },
  },
  {
    reason: 'a name is decoded once: what was sent is what is stored, found and listed',
    request: /path=.*images-1/,
    mlflow: { body: /Aab34cd/ },
    ours: { body: /%41ab34cd/ },
  },
  { reason: 'what is missing is said in JSON', mlflow: { status: 400, body: /^"<page>"$/ }, ours: { status: 400, body: /Request must specify path/ } },
  { reason: 'a run id that is not given is not the text None', mlflow: { status: 404, body: /id=None / }, ours: { status: 404, body: /id= not found/ } },
  { reason: 'there is no gateway', request: /server-info/, mlflow: { body: /"gateway":true/ }, ours: { body: /"gateway":false/ } },
];

testSameAnswers(differences, [
  ['life of artifacts', artifactLifecycle],
  ['artifacts, percent signs', artifactPercentSigns],
  ['artifacts, bad input', artifactBadInput],
  ['artifacts, addresses', artifactAddresses],
]);
