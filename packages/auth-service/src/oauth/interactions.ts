import { withTransaction } from '@smart-ai-hub/database';
import { type ConsentRequest, DomainError } from '@smart-ai-hub/shared/contracts';
import type { Interaction, InteractionResults } from 'oidc-provider';
import { SessionNotFound } from 'oidc-provider/lib/helpers/errors.js';
import { z } from 'zod';
import type { SignedInContext } from '../context.ts';
import { askedIn, clientView } from './asked.ts';
import { lend } from './lend.ts';
import { destinationOf } from './redirect-uri.ts';
import { requireOwnSession } from './own-session.ts';

const parameters = z.looseObject({
  client_id: z.string(),
  redirect_uri: z.string(),
  prompt: z.string().default(''),
  max_age: z.coerce.number().optional(),
});

/**
 * The request for consent that this browser began: its signed cookie says so, and another's does not get here
 * with an address that it was sent. Rejects with `not-found`.
 */
export async function interactionIn(
  { oauthServer, http: { request, reply } }: SignedInContext,
  uid: string,
): Promise<Interaction> {
  const server = await oauthServer();
  const begun = await server.interactionDetails(request.raw, reply.raw).catch((error: unknown) => {
    if (error instanceof SessionNotFound) return undefined;
    throw error;
  });
  if (begun?.uid !== uid || begun.result) throw new DomainError('not-found');
  return begun;
}

/** Who asks for what, and where the answer goes. */
export async function describeInteraction(
  { actor, oauthServer, issuer }: SignedInContext,
  { params }: Interaction,
): Promise<ConsentRequest> {
  requireOwnSession(actor);
  const { client_id: clientId, redirect_uri: redirectUri } = parameters.parse(params);
  const destination = destinationOf(redirectUri);
  if (!destination) throw new DomainError('not-found');
  const { Client } = await oauthServer();
  const client = await Client.find(clientId);
  return { client: clientView(client), ...askedIn(params, issuer), destination };
}

/** Lends what was asked for, or declines; answers where the browser goes on, to end what it began. */
export async function decideInteraction(
  ctx: SignedInContext,
  interaction: Interaction,
  approve: boolean,
): Promise<{ redirectTo: string }> {
  requireOwnSession(ctx.actor);
  interaction.result = approve ? await agree(ctx, interaction) : DECLINED;
  await interaction.persist();
  return { redirectTo: interaction.returnTo };
}

const DECLINED: InteractionResults = {
  error: 'access_denied',
  error_description: 'the person declined',
};

async function agree(ctx: SignedInContext, { params, iat }: Interaction): Promise<InteractionResults> {
  const { client_id: clientId, prompt, max_age: maxAge } = parameters.parse(params);
  const provenAt = ctx.actor.authenticatedAt ?? 0;
  const oldest = prompt.split(' ').includes('login') ? 0 : maxAge;
  if (oldest !== undefined && provenAt < iat - oldest) throw new DomainError('step-up-required');
  const asked = askedIn(params, ctx.issuer);
  const grantId = await withTransaction(ctx.database, (tx) => lend(ctx, tx, clientId, asked));
  return {
    login: { accountId: ctx.actor.userId, ts: provenAt, remember: false },
    consent: { grantId },
  };
}
