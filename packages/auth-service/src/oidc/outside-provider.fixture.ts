import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { decodeJwt, exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import Provider, { type Configuration } from 'oidc-provider';

/** Who is signed in at the provider, and what it says of them. */
export interface OutsidePerson {
  subject: string;
  email?: string;
  emailVerified?: boolean | string;
  locale?: string;
}

/** What the provider does wrong, once it is set. */
export interface Forgery {
  /** Claims of ID tokens as they should not be. */
  claims?: (right: JWTPayload) => JWTPayload;
  /** Signs with a key that the provider does not publish. */
  otherKey?: true;
}

export const CLIENT = { id: 'smart-ai-hub', secret: 'e7Kq2xV9tR4mW1zB6nY8cD3fH5jL0pSa' };

export interface OutsideProvider extends AsyncDisposable {
  issuer: string;
  /** Whoever comes is this person, without being asked. */
  is: (person: OutsidePerson) => void;
  forge: (forgery: Forgery | undefined) => void;
  /** Requests that arrived, `METHOD /path`. */
  asked: string[];
  /**
   * Goes where a browser is sent, cookies and redirects and all, until the provider leads back to `home`; answers
   * that address.
   */
  visit: (url: string, home: string) => Promise<string>;
}

export interface OutsideOptions {
  /** Where it leads back to. */
  redirectUris: string[];
  /** Tells the address in ID tokens, or else only when it is asked. */
  addressInToken?: boolean;
}

/** Somebody else's OpenID provider on loopback, for people to sign in with. */
export async function outsideProvider({
  redirectUris,
  addressInToken = true,
}: OutsideOptions): Promise<OutsideProvider> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const issuer = `http://127.0.0.1:${port}`;
  const [own, other] = [
    await generateKeyPair('RS256', { extractable: true }),
    await generateKeyPair('RS256'),
  ];
  let person: OutsidePerson = { subject: randomUUID() };
  let forgery: Forgery | undefined;
  const asked: string[] = [];

  const provider = new Provider(issuer, {
    ...SETTINGS,
    conformIdTokenClaims: !addressInToken,
    clients: [{ client_id: CLIENT.id, client_secret: CLIENT.secret, redirect_uris: redirectUris }],
    jwks: { keys: [{ ...(await exportJWK(own.privateKey)), kid: 'own', alg: 'RS256', use: 'sig' }] },
    findAccount: (_ctx, accountId) => ({
      accountId,
      claims: () => ({
        sub: accountId,
        ...(person.email !== undefined && {
          email: person.email,
          email_verified: person.emailVerified ?? true,
        }),
        ...(person.locale !== undefined && { locale: person.locale }),
      }),
    }),
  });
  provider.use(async (ctx, next) => {
    asked.push(`${ctx.method} ${ctx.path}`);
    if (ctx.path.startsWith('/interaction/')) {
      const login = { accountId: person.subject };
      await provider.interactionFinished(ctx.req, ctx.res, { login });
      ctx.respond = false;
      return;
    }
    await next();
    const tokens: unknown = ctx.body;
    if (ctx.path !== '/token' || !forgery || typeof tokens !== 'object' || tokens === null) return;
    const right = decodeJwt(String(Reflect.get(tokens, 'id_token')));
    const forged = await new SignJWT(forgery.claims?.(right) ?? right)
      .setProtectedHeader({ alg: 'RS256', kid: 'own' })
      .sign((forgery.otherKey ? other : own).privateKey);
    ctx.body = { ...tokens, id_token: forged };
  });
  const handle = provider.callback();
  server.on('request', (request, response) => void handle(request, response));

  return {
    issuer,
    asked,
    is: (somebody) => {
      person = somebody;
    },
    forge: (next) => {
      forgery = next;
    },
    visit,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

const SETTINGS: Configuration = {
  features: { devInteractions: { enabled: false } },
  interactions: { url: (_ctx, { uid }) => `/interaction/${uid}` },
  claims: { email: ['email', 'email_verified'], profile: ['locale'] },
  cookies: { keys: [randomUUID()] },
  pkce: { required: () => true },
  ttl: { AccessToken: 60, AuthorizationCode: 60, Grant: 600, IdToken: 60, Interaction: 60, Session: 600 },
  // whoever signs in here has agreed
  loadExistingGrant: async ({ oidc }) => {
    const grant = new oidc.provider.Grant({
      ...(oidc.client && { clientId: oidc.client.clientId }),
      ...(oidc.session?.accountId !== undefined && { accountId: oidc.session.accountId }),
    });
    grant.addOIDCScope('openid email profile');
    await grant.save();
    return grant;
  },
};

const HOPS = 10;

async function visit(url: string, home: string): Promise<string> {
  const jar = new Map<string, string>();
  let next = url;
  for (let hop = 0; hop < HOPS; hop++) {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await fetch(next, { redirect: 'manual', headers: { cookie } });
    for (const set of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
      jar.set(name, value);
    }
    const location = answer.headers.get('location');
    if (location === null) throw new Error(`the provider answered ${answer.status}: ${await answer.text()}`);
    next = new URL(location, next).href;
    if (next.startsWith(home)) return next;
  }
  throw new Error('the provider never led back');
}
