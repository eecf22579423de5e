import { createHash } from 'node:crypto';
import { createRequestStateCodec, type RequestStateCodec } from '@modelcontextprotocol/server';
import { DomainError, type OpenedMcpTool, type Price } from '@smart-ai-hub/shared/contracts';
import { z } from 'zod';
import type { CallContext } from '../completions/asked.ts';
import type { McpCall } from './call-client.ts';

/** What travels through the caller between two rounds of one call: signed, and for this person alone. */
export interface RoundState {
  /** The tool and what it was called with: an answer to one call is none to another. */
  call: string;
  /** The person has agreed. */
  agreed: boolean;
  /** What the tool's server wants to see again. */
  server?: string | undefined;
  /** The call of a server of 2025 that waits for the answer. */
  held?: string | undefined;
}

/** Seconds for which somebody may think about it. */
const THINKING = 600;

/** Signs what travels, so that no caller can agree in its person's place by inventing it. */
export const roundStates = ({ actor, stateKey }: CallContext): RequestStateCodec<RoundState> =>
  createRequestStateCodec<RoundState>({ key: stateKey, ttlSeconds: THINKING, bind: () => actor.userId });

/** Names a call by everything that is said in it. */
export const nameCall = (name: string, args: unknown): string =>
  createHash('sha256')
    .update(JSON.stringify([name, args ?? {}]))
    .digest('base64url');

/** True for a call that its person agrees to first. */
export const asksFirst = (
  { confirm, confirmAboveMicro }: Pick<OpenedMcpTool, 'confirm' | 'confirmAboveMicro'>,
  price: Price | undefined,
): boolean => confirm || (confirmAboveMicro !== null && (price?.unitMicro ?? 0) > confirmAboveMicro);

const AGREE = 'agree';
const answer = z.object({ action: z.enum(['accept', 'decline', 'cancel']) });

/** Nothing where nobody was asked yet; rejects with `forbidden` where the person did not agree. */
export function agreementIn(call: McpCall): boolean {
  const { data: said } = answer.safeParse(call.mcpReq.inputResponses?.[AGREE]);
  if (said && said.action !== 'accept')
    throw new DomainError('forbidden', { detail: 'the person who was asked did not agree to this call' });
  return said !== undefined;
}

/** The question, in the form that clients of today answer (MCP 2026-07-28, multi round-trip requests). */
export const askAgreement = (tool: string, price: Price | undefined, requestState: string) => ({
  resultType: 'input_required',
  inputRequests: {
    [AGREE]: {
      method: 'elicitation/create',
      params: {
        mode: 'form',
        message: `Call ${tool}?${costs(price)}`,
        requestedSchema: { type: 'object', properties: {} },
      },
    },
  },
  requestState,
});

/** For callers that cannot be asked. */
export const cannotAsk = (tool: string, price: Price | undefined): DomainError =>
  new DomainError('forbidden', {
    detail:
      `${tool} asks its person before each call.${costs(price)} This client cannot be asked: call with one that ` +
      'answers elicitation, or have an administrator let the tool be called unasked',
  });

const costs = (price: Price | undefined): string =>
  price && price.unitMicro > 0 ? ` It costs ${price.unitMicro / 1_000_000} credits.` : '';
