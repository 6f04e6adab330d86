import { isAbsolute } from 'node:path';
import { performance } from 'node:perf_hooks';

import { conversionsPath, type ConversionEvent, type ConversionRequest } from '../../schemas/workbench-api.ts';
import type { Parsed } from '../shared/endpoint.ts';
import { errorMessage, MlflowError } from '../shared/errors.ts';
import type { Logger } from '../shared/logger.ts';
import { checkContentType, readJsonObject } from '../shared/request-body.ts';
import { parseFields } from '../shared/request-fields.ts';
import { readBody } from './body.ts';
import { eventStream, type Subscribe } from './event-stream.ts';
import { ReaderThread } from './reader-thread.ts';
import type { Route } from './workbench-routes.ts';

/** ms between two events of progress. */
const progressInterval = 100;

const fields = { from: { type: 'string', required: true }, to: { type: 'string', required: true } } as const;

/** A thread of its own converts, so that it delays nobody. */
export const conversionRoute = (log: Logger): Route => ({
  method: 'POST',
  path: conversionsPath,
  handle: async (request) => {
    checkContentType(request.headers.get('content-type') ?? undefined);
    const { from, to } = parseFields(fields, readJsonObject(await readBody(request))) as Parsed<typeof fields>;
    for (const path of [from, to]) if (!isAbsolute(path)) throw new MlflowError('INVALID_PARAMETER_VALUE', `The path of a store must be absolute, not ${path}`);
    return eventStream(convert({ from, to }, log));
  },
});

const convert =
  (request: ConversionRequest, log: Logger): Subscribe<ConversionEvent> =>
  async (onEvent, onEnd) => {
    const abort = new AbortController();
    const thread = new ReaderThread(log);
    let next = 0;
    const onProgress = (done: number, total: number): void => {
      if (performance.now() < next && done < total) return;
      next = performance.now() + progressInterval;
      onEvent({ type: 'progress', done, total });
    };
    thread
      .convert(request, onProgress, abort.signal)
      .then((report) => onEvent({ type: 'done', ...report }))
      .catch((error: unknown) => onEvent({ type: 'failed', code: error instanceof MlflowError ? error.code : 'INTERNAL_ERROR', message: errorMessage(error) }))
      .finally(() => {
        onEnd();
        thread.dispose();
      });
    return { dispose: () => abort.abort() };
  };
