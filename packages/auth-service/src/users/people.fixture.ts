import { type Grants, type PersonAccess, type Transport } from '@smart-ai-hub/shared/contracts';
import type { Store } from '@smart-ai-hub/shared/service';
import { z } from 'zod';
import { accessFor, startAuth } from '../auth.fixture.ts';

const asked = z.object({ userId: z.string().default(''), userIds: z.array(z.string()).default([]) });

/** core-service as far as this service hears it, with roles as a test deals them; everybody else is `user`. */
function rolesByTest() {
  const held = new Map<string, PersonAccess>();
  const accessOf = (userId: string) => held.get(userId) ?? accessFor('user');
  const core: Transport = ({ path, body }) => {
    const { userId, userIds } = asked.parse(body);
    const items = userIds.map((id) => ({ userId: id, ...accessOf(id) }));
    return Promise.resolve({
      status: 200,
      body: path === '/internal/roles-of' ? { items } : accessOf(userId),
    });
  };
  return { core, held };
}

export type Someone = Awaited<ReturnType<Awaited<ReturnType<typeof startPeople>>['as']>>;

/** The whole service, and people with the roles that a test wants. */
export async function startPeople(parts: { store?: Store } = {}) {
  const { core, held } = rolesByTest();
  const auth = await startAuth({ core, ...parts });

  /** A new person, signed in, with these roles and, if named, other grants than theirs. */
  const as = async (roles: string[], grants?: Grants) => {
    const { accessToken, refreshToken, user, email } = await auth.person();
    held.set(user.id, { ...accessFor(...roles), ...(grants && { grants }) });
    const ask = (method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', url: string, body?: object) =>
      auth.ask(method, `/api/v1${url}`, { token: accessToken, ...(body && { body }) });
    return { id: user.id, email, accessToken, refreshToken, ask };
  };

  return {
    ...auth,
    as,
    held,
    /** What was remembered of somebody or something since it was made, oldest first. */
    audited: async (targetId: string) =>
      (await auth.audited(targetId)).filter(({ action }) => action !== 'account.created'),
  };
}

/** The rows of a page. */
export const itemsOf = (body: Record<string, unknown>) =>
  z.array(z.looseObject({ id: z.string() })).parse(body['items']);

export const idsOf = (body: Record<string, unknown>) => itemsOf(body).map(({ id }) => id);
