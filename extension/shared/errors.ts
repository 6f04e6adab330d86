/** MLflow's error codes and the HTTP status that goes with each (mlflow/exceptions.py). */
const httpStatuses = {
  INVALID_PARAMETER_VALUE: 400,
  BAD_REQUEST: 400,
  RESOURCE_ALREADY_EXISTS: 400,
  UNAUTHENTICATED: 401,
  PERMISSION_DENIED: 403,
  RESOURCE_DOES_NOT_EXIST: 404,
  ENDPOINT_NOT_FOUND: 404,
  NOT_FOUND: 404,
  RESOURCE_CONFLICT: 409,
  /** These two are not MLflow's: its server has no such limits. */
  REQUEST_TOO_LARGE: 413,
  UNSUPPORTED_MEDIA_TYPE: 415,
  REQUEST_LIMIT_EXCEEDED: 429,
  CANCELLED: 499,
  /** MLflow says 429, which its clients retry for minutes; a full disk stays full. */
  RESOURCE_EXHAUSTED: 507,
  INTERNAL_ERROR: 500,
  INVALID_STATE: 500,
  NOT_IMPLEMENTED: 501,
  TEMPORARILY_UNAVAILABLE: 503,
} as const;

export type ErrorCode = keyof typeof httpStatuses;

/** A failure with MLflow's code; the message says what is wrong and, where we know it, what to do. */
export class MlflowError extends Error {
  override readonly name = 'MlflowError';
  readonly code: ErrorCode;
  /** ms that the server asks to be left alone. */
  readonly retryAfter?: number;

  constructor(code: ErrorCode, message: string, { retryAfter, ...options }: ErrorOptions & { readonly retryAfter?: number | undefined } = {}) {
    super(message, options);
    this.code = code;
    if (retryAfter !== undefined) this.retryAfter = retryAfter;
  }

  get httpStatus(): number {
    return httpStatuses[this.code];
  }
}

export const isErrorCode = (text: string): text is ErrorCode => Object.hasOwn(httpStatuses, text);

/** `code` as the system names it: `ENOENT`, `EEXIST`, … */
export const isSystemError = (error: unknown, code: string): boolean => error instanceof Error && 'code' in error && error.code === code;

export const errorMessage = (error: unknown): string => (error instanceof Error ? error.message : String(error));
