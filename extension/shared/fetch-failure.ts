import { errorMessage } from './errors.ts';

/** `fetch` hides what went wrong in the cause, or in the cause of that. */
export const reasonOf = (error: unknown): string => {
  if (isProxyAsking(error)) return proxyAsks;
  const reason = causesOf(error).findLast(({ message }) => message !== '')?.message ?? errorMessage(error);
  return reasonOfLibrary.exec(reason)?.[1] ?? reason;
};

/** OpenSSL's sentences have addresses and files of its sources around them. */
const reasonOfLibrary = /:error:[^:]*:[^:]*:[^:]*:([^:]+):/;

/** The error itself comes first. */
const causesOf = (error: unknown): readonly Error[] => (error instanceof Error ? [error, ...causesOf(error.cause)] : []);

export const proxyAsks = 'The proxy asks who you are (407)';
/** `fetch` hides this answer, and gives no reason at all; of a tunnel that was refused it has words. */
export const isProxyAsking = (error: unknown): boolean => {
  const [, ...causes] = causesOf(error);
  const isWithoutReason = causes.length === 1 && causes.every((cause) => cause.message === '' && !('code' in cause));
  return isWithoutReason || causes.some(({ message }) => /proxy\b.*\b407\b/i.test(message));
};
