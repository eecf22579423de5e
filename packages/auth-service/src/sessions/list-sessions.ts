import { type OpenSession, signInMethod } from '@smart-ai-hub/shared/contracts';
import { requireSession } from '@smart-ai-hub/shared/service';
import bowser from 'bowser';
import type { SignedInContext } from '../context.ts';
import { countryOf } from './country.ts';

/** Where the actor is signed in, last used first. */
export async function listSessions(ctx: SignedInContext): Promise<{ items: OpenSession[] }> {
  const current = requireSession(ctx.actor);
  const rows = await ctx.database.prisma.session.findMany({
    where: { userId: ctx.actor.userId, endedAt: null, expiresAt: { gt: new Date() } },
    orderBy: { lastUsedAt: 'desc' },
  });
  const view = async (row: (typeof rows)[number]): Promise<OpenSession> => ({
    id: row.id,
    ...deviceOf(row.userAgent),
    address: row.address,
    country: row.address === null ? null : await countryOf(row.address),
    signedInBy: signInMethod.parse(row.method),
    createdAt: row.createdAt.toISOString(),
    lastUsedAt: row.lastUsedAt.toISOString(),
    current: row.id === current,
  });
  return { items: await Promise.all(rows.map(view)) };
}

/** What a client's name for itself says to a person. */
function deviceOf(userAgent: string | null): Pick<OpenSession, 'browser' | 'system'> {
  if (!userAgent) return { browser: null, system: null };
  const { browser, os } = bowser.parse(userAgent);
  return { browser: known(browser.name), system: known(os.name) };
}

const known = (name: string | undefined) => (name === undefined || name === '' ? null : name);
