import { existsSync } from 'node:fs';
import { join, resolve, sep } from 'node:path';
import fastifyStatic from '@fastify/static';
import { DomainError } from '@smart-ai-hub/shared/contracts';
import type { FastifyInstance } from 'fastify';

const YEAR = 'public, max-age=31536000, immutable';

/** What belongs to programs: a page in the place of something missing would hide that it is. */
const NO_PAGE = /^\/(api|assets|internal)\//;

/** Serves the built frontend where no nginx does: its files, and its index for every page of its own router. */
export function servePages(app: FastifyInstance, folder: string): void {
  const root = resolve(folder);
  if (!existsSync(root)) throw new Error(`FRONTEND_DIR: there is no folder ${root}`);
  const assets = join(root, 'assets') + sep;
  void app.register(fastifyStatic, {
    root,
    wildcard: false,
    index: false,
    cacheControl: false,
    setHeaders: (response, path) => {
      response.setHeader('cache-control', path.startsWith(assets) ? YEAR : 'no-cache');
    },
  });
  app.get('/*', (request, reply) => {
    const wantsPage = request.headers.accept?.includes('text/html') ?? false;
    if (!wantsPage || NO_PAGE.test(request.url)) throw new DomainError('not-found');
    return reply.sendFile('index.html');
  });
}
