import type { FastifyRequest } from 'fastify';
import { RESOURCE_NAMES, resourceMetadataPath } from '../contracts/index.ts';

/** What somebody is told who is not let in (RFC 9110, 11.6.1). */
export type Challenge = (request: Pick<FastifyRequest, 'url' | 'headers'>) => string;

/**
 * Tells clients at a protected resource where to read how they get in (RFC 9728, 5.1), and whether what they showed
 * was wrong (RFC 6750, 3.1).
 */
export const resourceChallenge =
  (publicUrl: string): Challenge =>
  ({ url, headers }) => {
    const [path = ''] = url.split('?', 1);
    const resource = RESOURCE_NAMES.find((name) => path === name || path.startsWith(`${name}/`));
    if (!resource) return 'Bearer';
    const error = headers.authorization === undefined ? '' : 'error="invalid_token", ';
    return `Bearer ${error}resource_metadata="${new URL(resourceMetadataPath(resource), publicUrl).href}"`;
  };
