import {
  type AnthropicErrorBody,
  DomainError,
  isProblemCode,
  type JsonRpcErrorBody,
  type OpenAiErrorBody,
  type ProblemBody,
  type ProblemCode,
  PROBLEMS,
  type SocketError,
} from '../contracts/index.ts';

export interface ErrorAnswer {
  status: number;
  contentType: string;
  body: ProblemBody | OpenAiErrorBody | AnthropicErrorBody | JsonRpcErrorBody;
}

/** In whose words errors are told. */
export type Dialect = 'problem' | 'openai' | 'anthropic' | 'jsonrpc';

/** What callers of this path expect. */
export function dialectOf(path: string): Dialect {
  if (/^\/mcp(?:[/?]|$)/.test(path)) return 'jsonrpc';
  if (!path.startsWith('/v1/')) return 'problem';
  return /^\/v1\/messages(?:[/?]|$)/.test(path) ? 'anthropic' : 'openai';
}

const OPENAI_TYPES: Record<number, string> = {
  401: 'authentication_error',
  402: 'insufficient_quota',
  403: 'permission_error',
  429: 'rate_limit_error',
};

/** https://platform.claude.com/docs/en/api/errors */
const ANTHROPIC_TYPES: Record<number, string> = {
  401: 'authentication_error',
  402: 'billing_error',
  403: 'permission_error',
  404: 'not_found_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  503: 'overloaded_error',
  504: 'timeout_error',
};

/** JSON-RPC 2.0, 5.1; everything else is the server's own. */
const JSON_RPC_CODES: Partial<Record<ProblemCode, number>> = {
  'malformed-json': -32_700,
  'invalid-request': -32_600,
  'internal-error': -32_603,
};
const SERVER_ERROR = -32_000;

const TELL = {
  openai: openAiError,
  anthropic: anthropicError,
  jsonrpc: jsonRpcError,
};

/** The body and status of an error in the format that callers of this path expect. */
export function shapeError(error: DomainError, path: string, requestId: string): ErrorAnswer {
  const { status, title } = PROBLEMS[error.code];
  const dialect = dialectOf(path);
  if (dialect !== 'problem') {
    return { status, contentType: 'application/json; charset=utf-8', body: TELL[dialect](error, requestId) };
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
      message: messageOf(error),
      type: OPENAI_TYPES[status] ?? (status < 500 ? 'invalid_request_error' : 'server_error'),
      param: first?.path ?? null,
      code: error.code,
    },
  };
}

/** Anthropic's error object, also for an event in mid-stream. */
export function anthropicError(error: DomainError, requestId: string): AnthropicErrorBody {
  const { status } = PROBLEMS[error.code];
  const type = ANTHROPIC_TYPES[status] ?? (status < 500 ? 'invalid_request_error' : 'api_error');
  return {
    type: 'error',
    error: { type, message: messageOf(error), code: error.code },
    request_id: requestId,
  };
}

/** An error before any message of it was looked at, so that it answers none. */
export function jsonRpcError(error: DomainError, requestId: string): JsonRpcErrorBody {
  const { code, retryAfter } = error;
  const data = { code, requestId, ...(retryAfter !== undefined && { retryAfter }) };
  const number = JSON_RPC_CODES[code] ?? SERVER_ERROR;
  return { jsonrpc: '2.0', id: null, error: { code: number, message: messageOf(error), data } };
}

/** The error of a message over a WebSocket, which has no status. */
export function socketError(error: DomainError, requestId: string): SocketError {
  const { code, retryAfter } = error;
  return { code, message: messageOf(error), requestId, ...(retryAfter !== undefined && { retryAfter }) };
}

/** With the first of what is wrong with the request. */
function messageOf({ message, errors }: DomainError): string {
  const first = errors?.[0];
  return first ? `${message}: ${first.path} ${first.message}` : message;
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
