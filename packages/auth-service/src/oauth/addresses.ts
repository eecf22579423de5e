import { RESOURCE_NAMES, type ResourceName } from '@smart-ai-hub/shared/contracts';

/** Addresses of the OAuth server; its keys are those of every other token. */
export const OAUTH_PATHS = {
  authorization: '/oauth/auth',
  token: '/oauth/token',
  device_authorization: '/oauth/device/auth',
  revocation: '/oauth/revoke',
  registration: '/oauth/register',
  jwks: '/.well-known/jwks.json',
} as const;

/** One of our resources by its address; exactly that address, as metadata names it. */
export const resourceNamed = (issuer: string, indicator: unknown): ResourceName | undefined =>
  RESOURCE_NAMES.find((name) => indicator === issuer + name);
