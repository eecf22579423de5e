import { localPath, type oidcContract } from '@smart-ai-hub/shared/contracts';
import type { Handlers } from '@smart-ai-hub/shared/service';
import type { FastifyReply } from 'fastify';
import type { AuthContext, AuthDeps } from '../context.ts';
import { deliver } from '../sessions/cookie.ts';
import { begin } from './begin.ts';
import { finish } from './finish.ts';
import { keepSecret, takeSecret } from './flow-cookie.ts';
import { listIdentities, unlink } from './identities.ts';
import { startLink } from './link.ts';
import { providerOf } from './providers.ts';

export const oidcHandlers: Handlers<typeof oidcContract, AuthDeps> = {
  listProviders: ({ providers }) =>
    Promise.resolve({ items: [...providers.values()].map(({ id, name }) => ({ id, name })) }),
  startSignIn: (ctx, { params: { provider }, query: { next } }) => {
    providerOf(ctx.providers, provider);
    const path = localPath(next);
    return leadOn(ctx, async () => {
      const { url, secret } = await begin(ctx, { provider, ...(path !== undefined && { next: path }) });
      keepSecret(ctx, secret);
      return url;
    });
  },
  finishSignIn: (ctx, { params: { provider } }) => {
    providerOf(ctx.providers, provider);
    const { search, searchParams } = new URL(ctx.http.request.url, 'http://here.invalid');
    const passes = { secret: takeSecret(ctx) ?? '', state: searchParams.get('state') ?? '' };
    return leadOn(ctx, async () => {
      const done = await finish(ctx, { provider, passes, search });
      if (done.session) deliver(ctx, done.session, 'cookie');
      return done.next;
    });
  },
  startLink: async (ctx, { params: { provider } }) => {
    const { url, secret } = await startLink(ctx, provider);
    keepSecret(ctx, secret);
    return { url };
  },
  listIdentities: (ctx) => listIdentities(ctx),
  unlink: (ctx, { params }) => unlink(ctx, params.identityId),
};

/** A person at a browser is led on in any case: where it went wrong, to the page that says so. */
async function leadOn(ctx: AuthContext, work: () => Promise<string>): Promise<FastifyReply> {
  const to = await work().catch((thrown: unknown) => {
    const { code, detail, cause } = ctx.http.request.server.toDomainError(thrown);
    const level = code === 'internal-error' ? 'error' : 'warn';
    ctx.logger.log(level, 'signing in by a provider failed', { code, detail, reason: reasonOf(cause) });
    return `/sign-in?problem=${code}`;
  });
  return ctx.http.reply.redirect(to, 303);
}

/** An error's own words, and those of what caused it: no answer of the provider's, which may hold tokens. */
const reasonOf = (cause: unknown): string[] =>
  cause instanceof Error ? [cause.message, ...reasonOf(cause.cause)] : [];
