import type { Difference } from '../../support/replay.ts';

/** What we answer otherwise than MLflow by choice, and why. Whatever differs beyond this fails the replay. */

const answered = /"error_code"/;

export const trackingDifferences: readonly Difference[] = [
  { reason: 'a user error is never 5xx: clients retry those for minutes', mlflow: { status: 500 }, ours: { status: 400 } },
  { reason: 'a user error is never 5xx: clients retry those for minutes', mlflow: { status: 500 }, ours: { status: 404, body: answered } },
  {
    reason: 'MLflow shows the SQL that failed',
    mlflow: { status: 400, body: /sqlalche\.me/ },
    ours: { status: 400, body: /"error_code":"(BAD_REQUEST|RESOURCE_ALREADY_EXISTS)"/ },
  },
  {
    reason: 'a value that does not fit its field is refused, where MLflow goes on with the fields that it could read',
    ours: { status: 400, body: /Invalid value .* for parameter .* supplied: {2}Hint: Value was of type/ },
  },
  {
    reason: 'comparators are taken in any letter case, as in searches of runs',
    request: /"name like/,
    mlflow: { body: /Invalid comparator 'like'/ },
    ours: { status: 200 },
  },
  {
    reason: 'a body of another type has the status that HTTP has for it: a page of a browser can send such a body without asking',
    ours: { status: 415, body: /"error_code":"UNSUPPORTED_MEDIA_TYPE".*Bad Request\. (?:Content-Type|The body must be UTF-8)/ },
  },
  { reason: 'a body that is no JSON is not taken for an empty one', ours: { status: 400, body: /The request body/ } },
  { reason: 'a list is no value for =', request: /run_id = \('abc'\)/, ours: { status: 400, body: /Expected a quoted string value/ } },
  { reason: 'what clients of MLflow 2 log still arrives', request: /log-model/, mlflow: { status: 500 }, ours: { status: 200 } },
  { reason: 'null is an absent field', request: /"max_results":null/, mlflow: { status: 500 }, ours: { status: 200 } },
  { reason: 'names of fields in camel case are taken in queries too, as in bodies', request: /\?experimentId=0/, ours: { status: 200 } },
  { reason: 'what is no route is said in JSON', mlflow: { status: 404, body: /^"<page>"$/ }, ours: { status: 404, body: /ENDPOINT_NOT_FOUND/ } },
  { reason: 'what is no route is said in JSON', mlflow: { status: 405, body: /^"<page>"$/ }, ours: { status: 405, body: /ENDPOINT_NOT_FOUND/ } },
  { reason: 'a doubled slash is no route', request: /\/api\/\/2\.0/, ours: { status: 404 } },
  {
    reason: 'a token goes on with the search that it was given for, from a whole number of rows',
    request: /page_token/,
    ours: { status: 400, body: /Invalid page token/ },
  },
  { reason: 'parameters of a location are refused in every scheme', request: /s3:\/\/b\/x;/, ours: { status: 400 } },
  { reason: 'a run without an experiment belongs to the default one, as the documentation says', request: /runs\/create \{\}/, ours: { status: 200 } },
  { reason: 'an empty timestamp is a missing one', request: /"timestamp":""/, ours: { status: 400, body: /Missing value/ } },
];

export const registryDifferences: readonly Difference[] = [
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
    reason: 'a token goes on with the search that it was given for',
    request: /page_token/,
    ours: { status: 400, body: /Invalid page token: it was not given for this search/ },
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
