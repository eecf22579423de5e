import {
  DomainError,
  isProblemCode,
  type OpenAiErrorBody,
  type ProblemBody,
  type ProblemCode,
  PROBLEMS,
} from '../contracts/index.ts';

export interface ErrorAnswer {
  status: number;
  contentType: string;
  body: ProblemBody | OpenAiErrorBody;
}

const OPENAI_TYPES: Record<number, string> = {
  401: 'authentication_error',
  402: 'insufficient_quota',
  403: 'permission_error',
  429: 'rate_limit_error',
};

/** True for paths whose callers expect OpenAI's formats. */
export const speaksOpenAi = (path: string): boolean => path.startsWith('/v1/');

/** The body and status of an error in the format that callers of this path expect. */
export function shapeError(error: DomainError, path: string, requestId: string): ErrorAnswer {
  const { status, title } = PROBLEMS[error.code];
  if (speaksOpenAi(path)) {
    return { status, contentType: 'application/json; charset=utf-8', body: openAiError(error) };
  }
  const body: ProblemBody = {
    type: `/problems/${error.code}`,
    title,
    status,
    ...(error.detail !== undefined && { detail: error.detail }),
    instance: path.split('?', 1)[0] ?? path,
    code: error.code,
    requestId,
    ...(error.retryAfter !== undefined && { retryAfter: error.retryAfter }),
    ...(error.errors && { errors: error.errors }),
  };
  return { status, contentType: 'application/problem+json; charset=utf-8', body };
}

/** OpenAI's error object, also for an event in mid-stream. */
export function openAiError(error: DomainError): OpenAiErrorBody {
  const { status } = PROBLEMS[error.code];
  const first = error.errors?.[0];
  return {
    error: {
      message: first ? `${error.message}: ${first.path} ${first.message}` : error.message,
      type: OPENAI_TYPES[status] ?? (status < 500 ? 'invalid_request_error' : 'server_error'),
      param: first?.path ?? null,
      code: error.code,
    },
  };
}

const FASTIFY_CODES: Record<string, ProblemCode> = {
  FST_ERR_CTP_INVALID_JSON_BODY: 'malformed-json',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'malformed-json',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'invalid-request',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'unsupported-media-type',
  FST_ERR_CTP_BODY_TOO_LARGE: 'body-too-large',
  FST_ERR_BAD_URL: 'invalid-request',
  FST_ERR_MAX_PARAM_LENGTH: 'invalid-request',
};

interface ErrorLike {
  code?: unknown;
  statusCode?: unknown;
  validation?: { instancePath?: string; message?: string }[];
  validationContext?: string;
}

/** Any thrown value as a DomainError; what nobody foresaw is `internal-error`. */
export function toDomainError(thrown: unknown, isUnavailable: (error: unknown) => boolean): DomainError {
  if (thrown instanceof DomainError) return thrown;
  if (isUnavailable(thrown)) return new DomainError('service-unavailable', { cause: thrown });
  const error: ErrorLike = typeof thrown === 'object' && thrown !== null ? thrown : {};
  if (Array.isArray(error.validation)) return invalidRequest(error, thrown);
  const known = typeof error.code === 'string' ? FASTIFY_CODES[error.code] : undefined;
  if (known && isProblemCode(known)) return new DomainError(known, { cause: thrown });
  if (isClientStatus(error.statusCode)) return new DomainError('invalid-request', { cause: thrown });
  return new DomainError('internal-error', { cause: thrown });
}

const isClientStatus = (status: unknown) => typeof status === 'number' && status >= 400 && status < 500;

function invalidRequest({ validation = [], validationContext = 'body' }: ErrorLike, cause: unknown) {
  const errors = validation.map(({ instancePath = '', message = 'is not valid' }) => ({
    path: instancePath.replace(/^\//, '').replaceAll('/', '.') || validationContext,
    message,
  }));
  return new DomainError('invalid-request', { errors, cause });
}
