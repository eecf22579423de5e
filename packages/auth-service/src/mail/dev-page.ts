import type { FastifyInstance } from 'fastify';
import { escapeHtml } from './escape-html.ts';
import type { Mailer, ShownMail } from './open-mailer.ts';

/**
 * The mails that were not sent, at /dev/mail: only where the mailer keeps them, which it never does in production.
 * The gateway passes it on to nobody but this machine.
 */
export function serveDevMail(app: FastifyInstance, { shown }: Mailer): void {
  if (!shown) return;
  app.get('/dev/mail', (_request, reply) =>
    reply.type('text/html; charset=utf-8').header('cache-control', 'no-store').send(page(shown())),
  );
}

const page = (mails: readonly ShownMail[]) => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Mail</title></head><body>
<h1>Mail that was not sent</h1>
${mails.length === 0 ? '<p>Nothing yet.</p>' : mails.map(article).join('\n')}
</body></html>
`;

const article = ({ to, subject, text, at }: ShownMail) =>
  `<article><h2>${escapeHtml(subject)}</h2><p>${escapeHtml(to)}, ${at.toISOString()}</p><pre>${linked(text)}</pre></article>`;

const linked = (text: string) =>
  escapeHtml(text).replace(/https?:\/\/[^\s<]+/g, (link) => `<a href="${link}">${link}</a>`);
