import { conversionsPath, type ConversionEvent, type ConversionReport, type ConversionRequest } from '../../schemas/workbench-api.ts';
import { isErrorCode, MlflowError } from '../shared/errors.ts';
import type { HttpClient } from '../shared/http.ts';
import { readServerEvents } from './rest-workbench.ts';

/** Has a window's server copy a folder into a new SQLite file; `onProgress` gets the share that is done. Ends it when aborted. */
export const convertStore = async (
  http: HttpClient,
  request: ConversionRequest,
  onProgress: (share: number) => void,
  signal?: AbortSignal,
): Promise<ConversionReport> => {
  const body = await http.stream({ method: 'POST', path: conversionsPath, json: request, signal });
  for await (const event of readServerEvents<ConversionEvent>(body)) {
    if (event.type === 'done') return { counts: event.counts, remarks: event.remarks };
    if (event.type === 'failed') throw new MlflowError(isErrorCode(event.code) ? event.code : 'INTERNAL_ERROR', event.message);
    onProgress(event.done / event.total);
  }
  signal?.throwIfAborted();
  throw new MlflowError('TEMPORARILY_UNAVAILABLE', 'The tracking server ended before the conversion did: nothing was made');
};
