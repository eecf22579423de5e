import type { ClientMetadata } from 'oidc-provider';
import { z } from 'zod';
import { destinationOf } from './redirect-uri.ts';

const DEVICE = 'urn:ietf:params:oauth:grant-type:device_code';
const GRANTS = ['authorization_code', 'refresh_token', DEVICE];

/** What would change how the words around it are read: controls, marks of direction, invisible letters. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/u;

/**
 * What a client may say of itself (RFC 7591, 2). Everything else is left out: no logo, no links, no keys, and
 * no secret, since all clients are public.
 */
export const clientMetadata = z
  .object({
    client_name: z
      .string()
      .trim()
      .min(1)
      .max(80)
      .refine((name) => !UNSEEN.test(name), 'has characters that cannot be seen')
      .optional(),
    redirect_uris: z
      .array(z.string().refine((uri) => destinationOf(uri) !== undefined, 'is no address to come back to'))
      .max(10)
      .default([]),
    grant_types: z.array(z.string().max(100)).max(10).default(['authorization_code']),
  })
  .transform(({ grant_types: wanted, ...said }) => ({
    ...said,
    grant_types: GRANTS.filter((grant) => wanted.includes(grant)),
  }))
  .refine(
    ({ grant_types: grants }) => grants.includes('authorization_code') || grants.includes(DEVICE),
    'grant_types: must name authorization_code or the device grant',
  )
  .refine(
    ({ grant_types: grants, redirect_uris: uris }) =>
      !grants.includes('authorization_code') || uris.length > 0,
    { path: ['redirect_uris'], message: 'must name where to come back to' },
  );
export type PublicClient = z.output<typeof clientMetadata>;

/** The same as the OAuth server knows a client. `native`: a loopback address may come with any port (RFC 8252, 7.3). */
export const asMetadata = (id: string, said: PublicClient) =>
  ({
    client_id: id,
    ...said,
    application_type: 'native',
    token_endpoint_auth_method: 'none',
    response_types: said.grant_types.includes('authorization_code') ? ['code'] : [],
  }) satisfies ClientMetadata;

/** What is wrong with a client's words, in one line. */
export const complaintOf = ({ issues }: z.ZodError): string =>
  issues.map(({ path, message }) => [path.join('.'), message].filter(Boolean).join(': ')).join('; ');
