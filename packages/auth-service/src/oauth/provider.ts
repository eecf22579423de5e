import { hkdfSync } from 'node:crypto';
import { OPENID_SCOPES, RESOURCES, type ResourceName, CLIENT_SCOPES } from '@smart-ai-hub/shared/contracts';
import { egressFetch, type Logger, type Secret } from '@smart-ai-hub/shared/service';
import type { Configuration, FindAccount, KoaContextWithOIDC } from 'oidc-provider';
import { InvalidTarget } from 'oidc-provider/lib/helpers/errors.js';
import { Provider } from 'oidc-provider/lib/provider.js';
import type { AuthDeps } from '../context.ts';
import { signingJwk } from '../sessions/signer.ts';
import { OAUTH_PATHS, resourceNamed } from './addresses.ts';
import { LIFETIMES } from './lifetimes.ts';
import { publicClient } from './public-client.ts';
import { recordsIn } from './records.ts';

/** As the egress guard has it. */
export type Fetch = ReturnType<typeof egressFetch>;

export interface ProviderParts extends Pick<AuthDeps, 'database' | 'enqueue' | 'announce' | 'store'> {
  /** The origin that people open: who issues, whatever host a request names. */
  issuer: string;
  logger: Logger;
  /** The signing one first. */
  seeds: readonly [Secret, ...Secret[]];
  /** How what clients publish of themselves is read; from public addresses alone by default. */
  fetch?: Fetch | undefined;
}

/** The cookie that ties a request for consent to the browser that began it. */
const INTERACTION_COOKIE = 'hub_interaction';

/** An OAuth 2.1 authorization server for public clients: codes with PKCE, devices, rotating refresh tokens. */
export function createProvider(parts: ProviderParts): Provider {
  const provider = new Provider(parts.issuer, configurationOf(parts));
  provider.proxy = true; // scheme and host are said by our own mount, and by nobody else
  provider.use(async (ctx, next) => {
    // a page that posts a form would need a script in it; the library refuses what it does not know
    if (![undefined, 'query'].some((mode) => mode === ctx.query['response_mode'])) {
      ctx.query = { ...ctx.query, response_mode: 'unknown' };
    }
    await next();
    amend(ctx, parts.issuer);
  });
  provider.on('server_error', ({ oidc }, error) => {
    parts.logger.error('the OAuth server failed', { route: oidc.route, error });
  });
  provider.onerror = (error) => {
    parts.logger.error('the OAuth server failed', { error });
  };
  return provider;
}

function configurationOf(parts: ProviderParts): Configuration {
  const { issuer, seeds, fetch = egressFetch({ maxBytes: LARGEST_DOCUMENT, timeout: 5000 }) } = parts;
  return {
    adapter: recordsIn(parts),
    findAccount: accountsIn(parts),
    jwks: { keys: seeds.map(signingJwk) },
    ...CLIENTS,
    ...tokens(),
    features: { ...features(issuer), clientIdMetadataDocument: publishedClients(parts) },
    fetch: (asked, init) => fetch(asked instanceof Request ? asked.url : asked, init),
    routes: OAUTH_PATHS,
    pkce: { required: () => true },
    scopes: [...OPENID_SCOPES],
    claims: { openid: ['sub'], email: ['email', 'email_verified'] },
    conformIdTokenClaims: false,
    subjectTypes: ['public'],
    clientBasedCORS: () => false,
    allowOmittingSingleRegisteredRedirectUri: false,
    clockTolerance: 5,
    cookies: {
      keys: seeds.map(cookieKey),
      names: { session: 'hub_oauth', interaction: INTERACTION_COOKIE, resume: 'hub_resume' },
      long: { path: '/oauth', httpOnly: true, sameSite: 'lax' },
      short: { httpOnly: true, sameSite: 'lax' },
    },
    interactions: { url: (ctx, { uid }) => askAt(ctx, uid) },
    renderError: (ctx, out) => {
      if (ctx.accepts('json', 'html') === 'json') ctx.body = out;
      else {
        ctx.status = 303;
        ctx.redirect(`/consent/problem#${encodeURIComponent(out.error)}`);
      }
    },
  };
}

const CLIENTS = {
  clientAuthMethods: ['none'],
  responseTypes: ['code'],
  clientDefaults: {
    grant_types: ['authorization_code'],
    response_types: ['code'],
    token_endpoint_auth_method: 'none',
    id_token_signed_response_alg: 'EdDSA',
  },
  enabledJWA: { idTokenSigningAlgValues: ['EdDSA'] },
  extraClientMetadata: {
    properties: ['software_id'],
    validator: (_ctx, _key, _value, metadata) => publicClient(metadata),
  },
} satisfies Configuration;

const tokens = (): Configuration => ({
  ttl: {
    AccessToken: LIFETIMES.accessToken,
    AuthorizationCode: LIFETIMES.code,
    DeviceCode: LIFETIMES.deviceCode,
    Grant: LIFETIMES.grant,
    IdToken: LIFETIMES.accessToken,
    Interaction: LIFETIMES.interaction,
    RefreshToken: (ctx) => Math.max(1, Math.min(LIFETIMES.refreshToken, leftOfGrant(ctx))),
    Session: 1,
  },
  rotateRefreshToken: true,
  issueRefreshToken: async (_ctx, client) => client.grantTypeAllowed('refresh_token'),
  expiresWithSession: async () => false,
  extraTokenClaims: (_ctx, token) => ('grantId' in token ? { gid: token.grantId } : undefined),
});

const leftOfGrant = (ctx: KoaContextWithOIDC) => {
  const exp = ctx.oidc.entities.Grant?.exp;
  return exp === undefined ? LIFETIMES.refreshToken : exp - Math.floor(Date.now() / 1000);
};

/** Bytes. */
const LARGEST_DOCUMENT = 8192;
/** Documents that are read for one address in an hour. */
const READ_AN_HOUR = 60;

/** Clients whose id is the address of what they say of themselves (draft-ietf-oauth-client-id-metadata-document). */
const publishedClients = ({ store }: ProviderParts) => ({
  enabled: true,
  ack: 'draft-02',
  // no request stands behind it where a client that was read before is shown again
  allowFetch: async (ctx: KoaContextWithOIDC | undefined) =>
    !ctx || (await store.increment(`oauth-publishers:${ctx.ip}`, 3600)) <= READ_AN_HOUR,
});

const OFF = { enabled: false };

const features = (issuer: string): Configuration['features'] => ({
  devInteractions: OFF,
  dPoP: OFF,
  introspection: OFF,
  pushedAuthorizationRequests: OFF,
  registration: OFF,
  rpInitiatedLogout: OFF,
  userinfo: OFF,
  deviceFlow: { enabled: true, charset: 'base-20', mask: '****-****' },
  revocation: {
    enabled: true,
    allowedPolicy: async (_ctx, client, token) => token.clientId === client.clientId,
  },
  resourceIndicators: {
    enabled: true,
    defaultResource: (ctx, _client, oneOf) => oneOf ?? usualResource(ctx, issuer),
    useGrantedResource: async () => true,
    getResourceServerInfo: (ctx, indicator) => resourceServer(ctx, resourceNamed(issuer, indicator)),
  },
});

function resourceServer(ctx: KoaContextWithOIDC, name: ResourceName | undefined) {
  if (!name) throw new InvalidTarget();
  const scope = RESOURCES[name].scopes.join(' ');
  const { params, route } = ctx.oidc;
  // who asks for nothing in particular asks for what there is (RFC 6749, 3.3); the person sees it listed
  if (params && (route === 'authorization' || route === 'device_authorization')) params['scope'] ??= scope;
  return {
    scope,
    accessTokenTTL: LIFETIMES.accessToken,
    accessTokenFormat: 'jwt' as const,
    jwt: { sign: { alg: 'EdDSA' as const } },
  };
}

/** What a client means that names no resource: older MCP clients do not, and who only signs people in needs none. */
function usualResource({ oidc }: KoaContextWithOIDC, issuer: string): string | undefined {
  const scopes = oidc.requestParamScopes;
  if (scopes.size === 0 || scopes.has('tools:use')) return `${issuer}/mcp`;
  return CLIENT_SCOPES.some((scope) => scopes.has(scope)) ? `${issuer}/v1` : undefined;
}

/** Sends the browser to the page that asks, and lets it alone answer there. */
function askAt(ctx: KoaContextWithOIDC, uid: string): string {
  ctx.cookies.set(INTERACTION_COOKIE, uid, {
    path: `/api/v1/auth/interactions/${uid}`,
    httpOnly: true,
    sameSite: 'strict',
    maxAge: LIFETIMES.interaction * 1000,
  });
  return `/consent/${uid}`;
}

/** What the library has no setting for. */
function amend(ctx: { oidc?: { route: string }; status: number; body?: unknown }, issuer: string): void {
  const { oidc, body } = ctx;
  if (typeof body !== 'object' || body === null) return;
  if (oidc?.route === 'discovery') ctx.body = { ...body, ...ourDiscovery(issuer) };
  if (oidc?.route === 'device_authorization' && 'user_code' in body) {
    ctx.body = { ...body, ...deviceAddresses(issuer, String(body.user_code)) };
  }
}

const ourDiscovery = (issuer: string) => ({
  scopes_supported: [...OPENID_SCOPES, ...CLIENT_SCOPES],
  response_modes_supported: ['query'],
  registration_endpoint: issuer + OAUTH_PATHS.registration,
});

/** The page that takes the code; in the fragment, where no log sees it. */
const deviceAddresses = (issuer: string, userCode: string) => ({
  verification_uri: `${issuer}/device`,
  verification_uri_complete: `${issuer}/device#${userCode}`,
});

/** People who may sign in, and what a client learns of them. */
const accountsIn =
  ({ database: { prisma } }: ProviderParts): FindAccount =>
  async (_ctx, id) => {
    const row = await prisma.user.findUnique({ where: { id } });
    if (!row || row.disabledAt || row.deletedAt) return undefined;
    return {
      accountId: id,
      claims: async () => ({ sub: id, email: row.email, email_verified: row.verified }),
    };
  };

const cookieKey = (seed: Secret): string =>
  Buffer.from(hkdfSync('sha256', seed.reveal(), '', 'cookies of the OAuth server', 32)).toString('base64url');
