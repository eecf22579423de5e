import { commonSettings, fields, sealingKey, setting } from '@smart-ai-hub/shared/service';
import { z } from 'zod';
import { providerConfigs } from './oidc/provider-config.ts';

export const settings = {
  ...commonSettings,
  port: setting('AUTH_PORT', fields.port.default(3001), 'Port of auth-service'),
  databaseUrl: setting(
    'AUTH_DATABASE_URL',
    fields.secretUrl('postgres:', 'postgresql:'),
    'PostgreSQL as hub_auth',
  ),
  poolMax: setting(
    'DATABASE_POOL_MAX',
    z.coerce.number().int().min(1).max(100).default(10),
    'Connections that one process may open',
  ),
  poolBudget: setting(
    'DATABASE_POOL_BUDGET',
    z.coerce.number().int().min(1).max(10_000).default(80),
    'Connections that all processes may open together',
  ),
  signingSeed: setting(
    'SIGNING_SEED',
    fields.bytes32, // an Ed25519 private key as its seed (RFC 8032, 5.1.5)
    'Signs tokens: 32 random bytes in base64url',
  ),
  previousSeeds: setting(
    'PREVIOUS_SIGNING_SEEDS',
    fields.list.pipe(z.array(fields.bytes32)).default([]),
    'Keys that still verify while they are being replaced, by comma',
  ),
  sealingKey,
  coreUrl: setting('CORE_URL', fields.url.default('http://127.0.0.1:3002'), 'Where core-service answers'),
  publicUrl: setting(
    'PUBLIC_URL',
    fields.url.default('http://127.0.0.1:3000'),
    'Address that people open; https makes cookies secure',
  ),
  oidcProviders: setting(
    'OIDC_PROVIDERS',
    fields.json(providerConfigs).default([]),
    'Accounts elsewhere that sign people in (docs/sign-in-with.md) as JSON: [{"id":"google","name":"Google","issuer":"https://accounts.google.com","clientId":"…","clientSecret":"…"}]',
  ),
  smtpUrl: setting(
    'SMTP_URL',
    fields.secretUrl('smtp:', 'smtps:').optional(),
    'Mail server; without one, mail is shown in the log and at /dev/mail in development',
  ),
  mailFrom: setting(
    'MAIL_FROM',
    z
      .string()
      .regex(/^[^\r\n]*[^\s@<>]+@[^\s@<>]+>?$/, 'must be an address, or a name and an address in <>')
      .optional(),
    'Sender of mails; no-reply at the host of PUBLIC_URL by default',
  ),
  triesPerNetwork: setting(
    'TRIES_PER_NETWORK',
    z.coerce.number().int().min(1).max(1_000_000).default(20),
    'Sign-ups, mails for a new password, and resets an hour from one network, each',
  ),
  requireVerifiedEmail: setting(
    'REQUIRE_VERIFIED_EMAIL',
    fields.flag.optional(),
    'Whether keys and codes wait for a verified address; true where SMTP_URL is set',
  ),
};
