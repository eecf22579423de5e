import { DomainError, isProblemCode, type ProblemCode } from '@smart-ai-hub/shared/contracts';
import { z } from 'zod';

/** A problem that the hub answered, with the request id under which its logs can be found. */
export class HubError extends DomainError {
  readonly requestId: string | undefined;

  constructor(code: ProblemCode, details: ConstructorParameters<typeof DomainError>[1], requestId?: string) {
    super(code, details);
    this.requestId = requestId;
  }
}

/** No answer arrived at all, or it broke off: the network, not the hub, has to be looked at. */
export class HubUnreachable extends Error {
  override readonly name = 'HubUnreachable';
  readonly requestId: string | undefined;

  constructor(cause: unknown, requestId?: string) {
    super('The hub cannot be reached', { cause });
    this.requestId = requestId;
  }
}

/** The browser gave no passkey: the person broke it off, or this device has one already. */
export class PasskeyRefused extends Error {
  override readonly name = 'PasskeyRefused';
  readonly reason: 'cancelled' | 'known';

  constructor(reason: PasskeyRefused['reason'], cause: unknown) {
    super(`no passkey: ${reason}`, { cause });
    this.reason = reason;
  }
}

/** True when the caller itself gave up. */
export function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'AbortError';
}

const fieldErrors = z.array(z.object({ path: z.string(), message: z.string() })).optional();

/** Our own routes answer RFC 9457; the routes under /v1 answer as OpenAI does. */
const problemBody = z.looseObject({
  code: z.string(),
  detail: z.string().optional(),
  retryAfter: z.number().optional(),
  errors: fieldErrors,
});
const openAiBody = z
  .looseObject({ error: z.looseObject({ code: z.string(), message: z.string().optional() }) })
  .transform(({ error }) => problemBody.parse({ code: error.code, detail: error.message }));

const answeredProblem = z.union([problemBody, openAiBody]);

/** Any body of a failed request as an error; what is not ours becomes `service-unavailable`. */
export function hubErrorOf(body: unknown, requestId?: string, retryAfterHeader?: string | null): HubError {
  const parsed = answeredProblem.safeParse(body);
  if (!parsed.success || !isProblemCode(parsed.data.code)) {
    return new HubError('service-unavailable', {}, requestId);
  }
  const { code, detail, errors } = parsed.data;
  const retryAfter = parsed.data.retryAfter ?? secondsOf(retryAfterHeader);
  return new HubError(
    code,
    {
      ...(detail !== undefined && { detail }),
      ...(retryAfter !== undefined && { retryAfter }),
      ...(errors && { errors }),
    },
    requestId,
  );
}

function secondsOf(header: string | null | undefined): number | undefined {
  return header && /^\d+$/.test(header) ? Number(header) : undefined;
}
