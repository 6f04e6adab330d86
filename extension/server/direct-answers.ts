import { callEndpoint, type Endpoint } from '../shared/endpoint.ts';
import { jsonBody, writeJson } from '../shared/json.ts';
import type { Logger } from '../shared/logger.ts';
import { describeFailure } from './errors.ts';
import type { ReadReply, ReadRequest } from './reader-protocol.ts';
import type { Route } from './workbench-routes.ts';

export interface DirectReply {
  readonly status: number;
  readonly contentType: string;
  readonly body: string | ArrayBuffer;
}

export interface DirectAnswer {
  /** Takes time, and is given up when nobody waits for it any more. */
  readonly isLong: boolean;
  /** Never rejects: a failure is a reply too. */
  reply(request: ReadRequest, signal: AbortSignal): Promise<DirectReply>;
}

/** By method and whole path. */
export type DirectAnswers = ReadonlyMap<string, DirectAnswer>;

/** What answers a request; undefined where that is the app's. A query is for reading only. */
export const findDirectAnswer = (answers: DirectAnswers, method: string, target: string): DirectAnswer | undefined => {
  const end = method === 'GET' ? target.indexOf('?') : -1;
  return answers.get(`${method} ${end < 0 ? target : target.slice(0, end)}`);
};

export const answerHere = (endpoint: Endpoint, log: Logger): DirectAnswer => ({
  isLong: false,
  async reply({ target, contentType, body }, signal) {
    try {
      const reply = await callEndpoint(endpoint, { query: queryOf(endpoint, target), pathParameters: {}, contentType, body }, signal);
      return { status: 200, contentType: json, body: jsonBody(reply) };
    } catch (error) {
      return failureOf(error, log);
    }
  },
});

export const answerBytes = (readBytes: NonNullable<Route['readBytes']>, log: Logger): DirectAnswer => ({
  isLong: true,
  reply: (request, signal) =>
    readBytes(request, signal).then(
      (body) => ({ status: 200, contentType: 'application/octet-stream', body }),
      (error: unknown) => failureOf(error, log),
    ),
});

export const answerBeside = (read: (request: ReadRequest, signal: AbortSignal) => Promise<ReadReply>, log: Logger): DirectAnswer => ({
  isLong: true,
  reply: (request, signal) => read(request, signal).catch((error: unknown) => failureOf(error, log)),
});

const json = 'application/json';
const noQuery = new URLSearchParams();

const queryOf = ({ method }: Endpoint, target: string): URLSearchParams => {
  const start = method === 'GET' ? target.indexOf('?') : -1;
  return start < 0 ? noQuery : new URLSearchParams(target.slice(start));
};

const failureOf = (error: unknown, log: Logger): DirectReply => {
  const { status, reply } = describeFailure(error, log);
  return { status, contentType: json, body: writeJson(reply) };
};
