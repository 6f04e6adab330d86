import { errorMessage, MlflowError } from './errors.ts';
import type { HttpClient, HttpRequest } from './http.ts';
import type { Logger } from './logger.ts';

/** Writes each request into the log, with a number that its outcome has too. Path only: queries and bodies are of the user, headers have secrets. */
export const loggedClient = (client: HttpClient, name: string, log: Logger): HttpClient => {
  let last = 0;
  const logged = async <Reply>({ method, path, signal }: HttpRequest, send: () => Promise<Reply>): Promise<Reply> => {
    const [id, began] = [`${name} #${++last}`, performance.now()];
    const since = (): string => `${Math.round(performance.now() - began)} ms`;
    log.debug(`${id} ${method} ${path}`);
    try {
      const reply = await send();
      log.debug(`${id} answered in ${since()}`);
      return reply;
    } catch (error) {
      const outcome = error instanceof MlflowError ? `${error.code} ${error.message}` : errorMessage(error);
      if (signal?.aborted === true) log.debug(`${id} given up after ${since()}`);
      else log.warn(`${id} ${method} ${path} failed after ${since()}: ${outcome.slice(0, 500)}`);
      throw error;
    }
  };
  return {
    json: (request) => logged(request, () => client.json(request)),
    bytes: (request) => logged(request, () => client.bytes(request)),
    stream: (request) => logged(request, () => client.stream(request)),
  };
};
