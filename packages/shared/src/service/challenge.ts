import type { FastifyRequest } from 'fastify';
import { RESOURCE_NAMES, RESOURCES, resourceMetadataPath } from '../contracts/index.ts';

/** What somebody is told who is not let in (RFC 9110, 11.6.1); `lacking` are scopes that would have let them in. */
export type Challenge = (
  request: Pick<FastifyRequest, 'url' | 'headers'>,
  lacking?: readonly string[],
) => string;

/** Tells what is lacking, and nothing about where to get it. */
export const plainChallenge: Challenge = (_request, lacking) =>
  lacking ? bearer({ error: 'insufficient_scope', scope: lacking.join(' ') }) : 'Bearer';

/**
 * Tells clients at a protected resource where to read how they get in (RFC 9728, 5.1), by which scopes, and whether what
 * they showed was wrong (RFC 6750, 3.1).
 */
export const resourceChallenge =
  (publicUrl: string): Challenge =>
  (request, lacking) => {
    const [path = ''] = request.url.split('?', 1);
    const resource = RESOURCE_NAMES.find((name) => path === name || path.startsWith(`${name}/`));
    if (!resource) return plainChallenge(request, lacking);
    const isKnown = request.headers.authorization !== undefined;
    return bearer({
      ...(lacking ? { error: 'insufficient_scope' } : isKnown && { error: 'invalid_token' }),
      scope: (lacking ?? RESOURCES[resource].scopes).join(' '),
      resource_metadata: new URL(resourceMetadataPath(resource), publicUrl).href,
    });
  };

const bearer = (parameters: Record<string, string>) =>
  `Bearer ${Object.entries(parameters)
    .map(([name, value]) => `${name}="${value}"`)
    .join(', ')}`;
