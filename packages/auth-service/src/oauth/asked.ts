import {
  CLIENT_SCOPES,
  type ConsentRequest,
  OPENID_SCOPES,
  RESOURCE_NAMES,
  RESOURCES,
} from '@smart-ai-hub/shared/contracts';
import type { AdapterPayload, Client } from 'oidc-provider';
import { z } from 'zod';

/** What a client wants, as far as we know it; what we do not know is not lent. */
export type Asked = Pick<ConsentRequest, 'scopes' | 'resources'>;

const parameters = z.looseObject({
  scope: z.string().optional(),
  resource: z.union([z.string().transform((one) => [one]), z.array(z.string())]).optional(),
});

/** Reads the parameters of an authorization request. */
export function askedIn(params: unknown, issuer: string): Asked {
  const { scope = '', resource = [] } = parameters.parse(params);
  const wanted = scope.split(' ');
  const resources = RESOURCE_NAMES.filter((name) => resource.includes(issuer + name));
  const known: readonly string[] = resources.flatMap((name) => [...RESOURCES[name].scopes]);
  return {
    resources,
    scopes: [
      ...OPENID_SCOPES.filter((one) => wanted.includes(one)),
      ...CLIENT_SCOPES.filter((one) => wanted.includes(one) && known.includes(one)),
    ],
  };
}

/** The same as the OAuth server keeps a grant. */
export function asGrant({ scopes, resources }: Asked, issuer: string): AdapterPayload {
  const openid = OPENID_SCOPES.filter((one) => scopes.includes(one)).join(' ');
  const lent = resources.map((name) => {
    const scope = RESOURCES[name].scopes.filter((one) => scopes.includes(one));
    return [issuer + name, scope.join(' ')] as const;
  });
  return { ...(openid && { openid: { scope: openid } }), resources: Object.fromEntries(lent) };
}

const granted = z.looseObject({
  openid: z.looseObject({ scope: z.string() }).optional(),
  resources: z.record(z.string(), z.string()).default({}),
});

/** What a kept grant says, read back. */
export function askedOf(payload: unknown, issuer: string): Asked {
  const { openid, resources } = granted.parse(payload);
  const scope = [openid?.scope ?? '', ...Object.values(resources)].join(' ');
  return askedIn({ scope, resource: Object.keys(resources) }, issuer);
}

/** A client as people are shown it. Only who publishes its metadata at its own address is vouched for, by that host. */
export const clientView = (client: Pick<Client, 'clientId' | 'clientName'> | undefined) => ({
  name: client?.clientName ?? null,
  publisher: client?.clientId.startsWith('https://') === true ? new URL(client.clientId).host : null,
});
