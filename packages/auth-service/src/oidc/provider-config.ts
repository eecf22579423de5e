import { Secret } from '@smart-ai-hub/shared/service';
import { z } from 'zod';

/** A provider of OpenID Connect, as an administrator configures it; what the issuer publishes tells the rest. */
const providerConfig = z.strictObject({
  /** Stands in addresses and beside linked accounts, so it stays as it is. */
  id: z.string().regex(/^[a-z0-9-]{1,40}$/, 'must be lower-case letters, digits and hyphens'),
  /** What people read: "Sign in with …". */
  name: z.string().min(1).max(60),
  /** To the letter as the provider says it (OpenID Connect Discovery 1.0, 4.3). */
  issuer: z.url({ protocol: /^https?$/ }),
  clientId: z.string().min(1).max(400),
  /** None for a public client, which PKCE alone protects. */
  clientSecret: z
    .string()
    .min(1)
    .transform((value) => new Secret(value))
    .optional(),
  scopes: z
    .array(z.string().regex(/^[\x21\x23-\x5b\x5d-\x7e]+$/))
    .default(['openid', 'email'])
    .refine((scopes) => scopes.includes('openid'), 'must include openid'),
});
export type ProviderConfig = z.output<typeof providerConfig>;

export const providerConfigs = z
  .array(providerConfig)
  .refine((all) => new Set(all.map(({ id }) => id)).size === all.length, 'has one id twice');
