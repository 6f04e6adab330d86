import { endpoint, type BinaryRoute, type Endpoint } from '../shared/endpoint.ts';
import { MlflowError } from '../shared/errors.ts';

/**
 * Traces are not served. Clients send them by themselves, from `@mlflow.trace`, autologging and logged models,
 * so each of their requests is answered at once, with what a script can go on with: a client warns of a refused
 * trace and never tries it again. What asks for traces is told that there are none, unless the file has some.
 */
export const traceEndpoints = (hasTraces: () => boolean): readonly Endpoint[] => {
  const none = <Reply extends object>(reply: Reply) => refuseWhenThereAreSome(hasTraces, () => reply);
  const absent = refuseWhenThereAreSome(hasTraces, notFound);
  return [
    ...refusedPaths.map(({ version, path }) => endpoint({ method: 'POST', version, path, fields: {}, handle: refuse })),
    endpoint({ method: 'GET', path: '/traces', fields: {}, handle: none({}) }),
    ...(['/traces/search', '/traces/batchGetInfos'] as const).map((path) => endpoint({ method: 'POST', version: '3.0', path, fields: {}, handle: none({}) })),
    endpoint({ method: 'GET', version: '3.0', path: '/traces/batchGet', fields: {}, handle: none({}) }),
    ...(['2.0', '3.0'] as const).map((version) =>
      endpoint({ method: 'POST', version, path: '/traces/delete-traces', fields: {}, handle: none({ traces_deleted: 0 }) }),
    ),
    endpoint({ method: 'GET', version: '3.0', path: '/traces/get', fields: traceField, handle: absent }),
    ...absentPaths.map(({ method, version, path }) => endpoint({ method, version, path, fields: traceField, handle: absent })),
  ];
};

const traceField = { trace_id: { type: 'string' } } as const;

const refusedPaths = [
  { version: '2.0', path: '/traces' },
  { version: '3.0', path: '/traces' },
  { version: '2.0', path: '/traces/link-to-run' },
  { version: '2.0', path: '/traces/link-prompts' },
  { version: '3.0', path: '/traces/metrics' },
  { version: '3.0', path: '/traces/calculate-filter-correlation' },
] as const;

/** What concerns one trace. */
const absentPaths = [
  { method: 'PATCH', version: '2.0', path: '/traces/:trace_id' },
  { method: 'GET', version: '2.0', path: '/traces/:trace_id/info' },
  { method: 'PATCH', version: '2.0', path: '/traces/:trace_id/tags' },
  { method: 'DELETE', version: '2.0', path: '/traces/:trace_id/tags' },
  { method: 'GET', version: '3.0', path: '/traces/:trace_id' },
  { method: 'PATCH', version: '3.0', path: '/traces/:trace_id/tags' },
  { method: 'DELETE', version: '3.0', path: '/traces/:trace_id/tags' },
  { method: 'POST', version: '3.0', path: '/traces/:trace_id/assessments' },
  { method: 'GET', version: '3.0', path: '/traces/:trace_id/assessments/:assessment_id' },
  { method: 'PATCH', version: '3.0', path: '/traces/:trace_id/assessments/:assessment_id' },
  { method: 'DELETE', version: '3.0', path: '/traces/:trace_id/assessments/:assessment_id' },
] as const;

const advice = 'Log to the store itself (MLFLOW_TRACKING_URI=sqlite:///… or file:///…) to keep and read traces.';

const refuse = (): never => {
  throw new MlflowError('BAD_REQUEST', `This server keeps no traces. ${advice}`);
};

const notFound = ({ trace_id = '' }: { readonly trace_id?: string | undefined }): never => {
  throw new MlflowError('RESOURCE_DOES_NOT_EXIST', `Trace with ID '${trace_id}' not found: this server keeps no traces. ${advice}`);
};

/** Python, which opens the file itself, may have put traces into it: "there are none" would be wrong. */
const refuseWhenThereAreSome =
  <Request, Reply extends object>(hasTraces: () => boolean, answer: (request: Request) => Reply) =>
  (request: Request): Reply => {
    if (hasTraces()) throw new MlflowError('BAD_REQUEST', `This server does not read traces, and the store has some. ${advice}`);
    return answer(request);
  };

/** OpenTelemetry's route. Clients of MLflow send no more spans once they have read the first sentence of the reply. */
export const traceBinaryRoutes: readonly BinaryRoute[] = [
  {
    method: 'POST',
    path: '/v1/traces',
    handle: () => Promise.reject(new MlflowError('BAD_REQUEST', `REST OTLP span logging is not supported. This server keeps no traces. ${advice}`)),
  },
];
