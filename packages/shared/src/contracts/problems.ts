import { z } from 'zod';

/** The only place where an HTTP status stands: problem code → status and title (RFC 9457). */
export const PROBLEMS = {
  'malformed-json': { status: 400, title: 'The body is not valid JSON' },
  'invalid-request': { status: 400, title: 'The request does not have the documented shape' },
  unauthenticated: { status: 401, title: 'Sign in or send a valid key' },
  'invalid-credentials': { status: 401, title: 'E-mail or password is wrong' },
  'invalid-refresh-token': { status: 401, title: 'The session has ended; sign in again' },
  'invalid-setup-token': { status: 401, title: 'The set-up token is wrong or was used' },
  'invalid-code': { status: 401, title: 'The code is wrong, was used, or has expired' },
  'invalid-reset-link': { status: 401, title: 'This link was used or has expired; ask for a new one' },
  'invalid-passkey': { status: 401, title: 'This passkey could not be verified' },
  'sign-in-failed': { status: 401, title: 'The other service did not confirm who you are' },
  'insufficient-credits': { status: 402, title: 'The balance does not cover this request' },
  forbidden: { status: 403, title: 'You may not do this' },
  'account-disabled': { status: 403, title: 'This account was disabled' },
  'email-not-verified': { status: 403, title: 'Verify your e-mail address first' },
  'step-up-required': { status: 403, title: 'Confirm that it is you first' },
  'account-frozen': { status: 403, title: 'This credit account is frozen' },
  'account-closed': { status: 409, title: 'This credit account is closed' },
  'not-found': { status: 404, title: 'There is nothing here' },
  'promo-not-found': { status: 404, title: 'There is no such code' },
  'model-not-found': { status: 404, title: 'No such model, or it is not open to you' },
  'method-not-allowed': { status: 405, title: 'This address does not answer that method' },
  'email-taken': { status: 409, title: 'An account with this e-mail exists' },
  'name-taken': { status: 409, title: 'This name is taken' },
  'role-in-use': { status: 409, title: 'Somebody still has this role' },
  'system-role': { status: 409, title: 'This role belongs to the system' },
  'price-dated': { status: 409, title: 'There is a price of this date already' },
  'price-in-force': { status: 409, title: 'This price is in force, or has been' },
  'mcp-tool-changed': { status: 409, title: 'This tool is not as it was shown' },
  'last-superadmin': { status: 409, title: 'Somebody has to stay superadmin' },
  'last-sign-in': { status: 409, title: 'This is the only way you can sign in' },
  'already-set-up': { status: 409, title: 'This is set up already' },
  'too-many-sessions': { status: 409, title: 'The limit of partner sessions is reached' },
  'promo-used-up': { status: 409, title: 'This code has been used as often as it may be' },
  'promo-expired': { status: 409, title: 'This code has expired' },
  'promo-already-redeemed': { status: 409, title: 'You have redeemed this code already' },
  'too-many-keys': { status: 409, title: 'The limit of active keys is reached' },
  'too-many-conversations': { status: 409, title: 'The limit of conversations is reached' },
  'conversation-changed': { status: 409, title: 'This conversation was changed somewhere else' },
  'conversation-full': { status: 409, title: 'This conversation is as long as it may be' },
  'too-many-teams': { status: 409, title: 'Nobody is in more teams than this' },
  'idempotency-in-progress': { status: 409, title: 'The first call with this idempotency key is under way' },
  'body-too-large': { status: 413, title: 'The body is too large' },
  'unsupported-media-type': { status: 415, title: 'Send application/json' },
  'weak-password': { status: 422, title: 'Choose a stronger password' },
  'password-reused': { status: 422, title: 'This was one of your last passwords; choose another' },
  'idempotency-mismatch': { status: 422, title: 'This idempotency key was used for another request' },
  'egress-refused': { status: 422, title: 'The hub does not call this address' },
  'provider-key-refused': { status: 422, title: 'The AI provider refuses this key' },
  'provider-not-understood': { status: 422, title: 'This address does not answer as such a provider does' },
  'mcp-command-refused': { status: 422, title: 'The hub does not start this program' },
  'mcp-server-refused': { status: 422, title: 'The MCP server refuses these credentials' },
  'mcp-server-not-understood': { status: 422, title: 'This does not answer as an MCP server does' },
  'too-many-attempts': { status: 429, title: 'Too many failed attempts; wait and try again' },
  'rate-limited': { status: 429, title: 'Too many requests; slow down' },
  'provider-rate-limited': { status: 429, title: 'The AI provider asks to slow down' },
  'internal-error': { status: 500, title: 'Something went wrong on our side' },
  'provider-failed': { status: 502, title: 'The AI provider failed' },
  'egress-failed': { status: 502, title: 'The address that was called did not answer well' },
  'mcp-server-failed': { status: 502, title: 'The MCP server failed' },
  'service-failed': { status: 502, title: 'A service of this hub broke off its answer' },
  'service-unavailable': { status: 503, title: 'A part of this hub is not available right now' },
  'provider-busy': { status: 503, title: 'The AI provider has as many requests as it takes' },
  'mcp-server-busy': { status: 503, title: 'The MCP server has as many sessions as it takes' },
  'provider-timeout': { status: 504, title: 'The AI provider did not answer in time' },
  'mcp-server-timeout': { status: 504, title: 'The MCP server did not answer in time' },
  'service-timeout': { status: 504, title: 'A service of this hub did not answer in time' },
} as const satisfies Record<string, { status: number; title: string }>;

export type ProblemCode = keyof typeof PROBLEMS;

export const PROBLEM_CODES = Object.keys(PROBLEMS).filter(isProblemCode);

/** True for the codes of the registry, and for nothing inherited. */
export function isProblemCode(value: unknown): value is ProblemCode {
  return typeof value === 'string' && Object.hasOwn(PROBLEMS, value);
}

/** One mistake of the input: where it stands and what is wrong with it. */
export interface FieldError {
  path: string;
  message: string;
}

/** RFC 9457 problem details, with our code and request id as extension members. */
export const problemBody = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string().optional(),
    instance: z.string(),
    code: z.string(),
    requestId: z.string(),
    retryAfter: z.number().optional(),
    errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  })
  .meta({ id: 'Problem' });
export type ProblemBody = z.output<typeof problemBody>;

export interface ProblemDetails {
  detail?: string;
  /** Seconds after which a repeat makes sense; sent as `Retry-After`. An outage has one in any case. */
  retryAfter?: number;
  errors?: FieldError[];
  /** What a client's token would have to be lent: told in the challenge (RFC 6750, 3.1). */
  scopes?: readonly string[];
  cause?: unknown;
}

/** Seconds: what is away here comes back by itself, and soon. */
const OUTAGE_RETRY = 1;

/** What the domain throws: a stable code, words for this case, and no transport. */
export class DomainError extends Error {
  override readonly name = 'DomainError';
  readonly code: ProblemCode;
  readonly detail: string | undefined;
  readonly retryAfter: number | undefined;
  readonly errors: FieldError[] | undefined;
  readonly scopes: readonly string[] | undefined;

  constructor(code: ProblemCode, details: ProblemDetails = {}) {
    super(
      details.detail ?? PROBLEMS[code].title,
      details.cause === undefined ? undefined : { cause: details.cause },
    );
    this.code = code;
    this.detail = details.detail;
    this.retryAfter = details.retryAfter ?? (code === 'service-unavailable' ? OUTAGE_RETRY : undefined);
    this.errors = details.errors;
    this.scopes = details.scopes;
  }
}
