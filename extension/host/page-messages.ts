import type { PageProtocol, ToHost, ToPage } from '../../schemas/webview-protocol.ts';
import type { Disposable } from '../shared/disposables.ts';
import { errorMessage } from '../shared/errors.ts';
import type { Logger } from '../shared/logger.ts';

type Asked = Pick<PageProtocol, 'requests'>;
type Requests<P extends Asked> = P['requests'];

export type RequestHandlers<P extends Asked> = {
  readonly [Method in keyof Requests<P>]: (params: Requests<P>[Method]['params'], signal: AbortSignal) => Promise<Requests<P>[Method]['result']>;
};

/** The host's side of one page: what it is asked, and when it can be told something. */
export interface PageBehaviour<P extends PageProtocol> {
  readonly requests: RequestHandlers<P>;
  /** The page has (again) started and listens: a hidden page is thrown away and starts anew when it is shown. */
  readonly onReady: (kept: unknown) => void;
  readonly onState: (state: unknown) => void;
}

export interface Answering extends Disposable {
  receive(message: unknown): void;
}

/** Answers what a page sends. Messages that are not part of the protocol are dropped: a page is not trusted. */
export const createAnswering = <P extends PageProtocol>(behaviour: PageBehaviour<P>, post: (message: ToPage) => void, log: Logger): Answering => {
  const running = new Map<number, AbortController>();
  const cancelAll = (): void => {
    for (const controller of running.values()) controller.abort();
    running.clear();
  };

  const answer = async (id: number, method: string, params: unknown): Promise<void> => {
    const handler = Object.hasOwn(behaviour.requests, method) ? behaviour.requests[method] : undefined;
    if (handler === undefined) return log.warn(`A page asked for '${method}', which does not exist`);
    const controller = new AbortController();
    running.set(id, controller);
    try {
      post({ kind: 'result', id, result: await handler(params, controller.signal) });
    } catch (error) {
      if (!controller.signal.aborted) post({ kind: 'failure', id, message: errorMessage(error) });
    } finally {
      running.delete(id);
    }
  };

  const receive = (message: unknown): void => {
    if (!isToHost(message)) return log.warn('A page sent a message that is not part of the protocol');
    switch (message.kind) {
      case 'ready':
        cancelAll();
        return behaviour.onReady(message.kept);
      case 'request':
        return void answer(message.id, message.method, message.params);
      case 'cancel':
        return running.get(message.id)?.abort();
      case 'state':
        return behaviour.onState(message.state);
      case 'ping':
        return post({ kind: 'pong' });
      default:
        return message satisfies never;
    }
  };

  return { receive, dispose: cancelAll };
};

const isToHost = (message: unknown): message is ToHost => {
  if (typeof message !== 'object' || message === null || !('kind' in message)) return false;
  const hasId = 'id' in message && typeof message.id === 'number';
  switch (message.kind) {
    case 'ready':
    case 'ping':
    case 'state':
      return true;
    case 'cancel':
      return hasId;
    case 'request':
      return hasId && 'method' in message && typeof message.method === 'string';
    default:
      return false;
  }
};
