import { randomUUID } from 'node:crypto';
import { z } from 'zod';

const session = z.object({
  accessToken: z.string(),
  refreshToken: z.string().default(''),
  user: z.object({ id: z.string() }),
});

export interface Person {
  id: string;
  email: string;
  accessToken: string;
  refreshToken: string;
  /** Asks as this person; answers the JSON of a success, throws for anything else. */
  get: (path: string) => Promise<Record<string, unknown>>;
  post: (path: string, body: unknown) => Promise<Record<string, unknown>>;
  makeKey: (name?: string) => Promise<string>;
}

export const PASSWORD = 'a long and unusual passphrase';

/** A new account of the running platform, signed in over HTTP as anybody would. */
export async function signUp(url: string, email = `${randomUUID()}@test.example`): Promise<Person> {
  const answer = await fetch(`${url}/api/v1/auth/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email, password: PASSWORD, delivery: 'body' }),
  });
  const { user, accessToken, refreshToken } = session.parse(await answer.json());
  const ask = async (path: string, init: RequestInit = {}) => {
    const headers = { authorization: `Bearer ${accessToken}`, 'content-type': 'application/json' };
    const response = await fetch(url + path, { ...init, headers });
    const body = z.record(z.string(), z.unknown()).parse(JSON.parse((await response.text()) || '{}'));
    if (!response.ok) throw new Error(`${path}: ${response.status} ${JSON.stringify(body)}`);
    return body;
  };
  const post = (path: string, body: unknown) => ask(path, { method: 'POST', body: JSON.stringify(body) });
  return {
    id: user.id,
    email,
    accessToken,
    refreshToken,
    get: (path) => ask(path),
    post,
    makeKey: async (name = 'test') => String((await post('/api/v1/keys', { name }))['key']),
  };
}
