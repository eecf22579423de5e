import type { FastifyRequest } from 'fastify';

const ADDRESSES = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1']);
const HOST = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/i;

/**
 * Whether somebody at this machine asks, by its own name: a page from elsewhere can make a browser here ask, too, but
 * only by a name that it owns (DNS rebinding).
 */
export const isLocal = ({ ip, headers }: FastifyRequest): boolean =>
  ADDRESSES.has(ip) && HOST.test(headers.host ?? '');
