import {
  ProtocolError,
  SdkError,
  SdkErrorCode,
  SdkHttpError,
  UnauthorizedError,
} from '@modelcontextprotocol/client';
import { DomainError, type ProblemCode } from '@smart-ai-hub/shared/contracts';
import { TooLarge } from './guarded-fetch.ts';

/** A server that answered, and refused: its own words, as the protocol gives them (JSON-RPC 2.0, 5.1). */
export class UpstreamRefusal extends Error {
  readonly code: number;
  readonly data: unknown;
  constructor({ code, message, data }: { code: number; message: string; data?: unknown }) {
    super(message);
    this.code = code;
    this.data = data;
  }
}

const SERVERS_FAULT = new Set<ProblemCode>(['mcp-server-failed', 'mcp-server-timeout', 'mcp-server-refused']);

/** True for what went wrong at a server, and not at whoever asked or at the hub. */
export const isServersFault = (error: unknown): error is DomainError =>
  error instanceof DomainError && SERVERS_FAULT.has(error.code);

/** True where a server of 2025 does not know its session any more: another has to be begun (MCP 2025-11-25, transports). */
export const isForgotten = (error: unknown): boolean =>
  error instanceof DomainError && error.cause instanceof SdkHttpError && error.cause.data.status === 404;

/** What went wrong with a server, in words that hold no address and no credential. */
export function upstreamFailure(error: unknown, name: string): DomainError | UpstreamRefusal {
  if (error instanceof DomainError || error instanceof UpstreamRefusal) return error;
  if (error instanceof ProtocolError) return new UpstreamRefusal(error);
  const [code, words] = codeOf(error);
  return new DomainError(code, { detail: `${name} ${words}`, cause: error });
}

function codeOf(error: unknown): [ProblemCode, string] {
  if (error instanceof TooLarge) return ['mcp-server-failed', `answered with ${error.message}`];
  if (error instanceof Excess) return ['mcp-server-failed', `was ended: ${error.message}`];
  if (leadsElsewhere(error)) return ['egress-refused', 'leads to an address that the hub does not call'];
  if (error instanceof UnauthorizedError)
    return ['mcp-server-refused', 'does not accept the hub’s credentials'];
  if (error instanceof SdkHttpError && [401, 403].includes(error.data.status))
    return ['mcp-server-refused', 'does not accept the hub’s credentials'];
  if (error instanceof SdkError && error.code === SdkErrorCode.RequestTimeout)
    return ['mcp-server-timeout', 'did not answer in time'];
  return ['mcp-server-failed', 'could not be reached or broke off'];
}

/** A child that took more than it may. */
export class Excess extends Error {}

/** Found out while connecting, and wrapped by those who connected. */
function leadsElsewhere(error: unknown): boolean {
  if (error instanceof DomainError) return error.code === 'egress-refused';
  return error instanceof Error && error.cause !== undefined && leadsElsewhere(error.cause);
}

/** For administrators who look at a server: a refusal of so plain a question is no answer of an MCP server. */
export function notUnderstood(error: unknown): never {
  if (!(error instanceof UpstreamRefusal)) throw error;
  throw new DomainError('mcp-server-not-understood', { detail: error.message.slice(0, 500), cause: error });
}
