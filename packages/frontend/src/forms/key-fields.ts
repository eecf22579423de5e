import {
  type ApiKey,
  isRoleName,
  type KeySettings,
  keySettings,
  MICRO_PER_CREDIT,
  type Permission,
  PERMISSIONS,
  ROLE_GRANTS,
  scopeOf,
  uniteGrants,
} from '@smart-ai-hub/shared/contracts';
import { z } from 'zod';
import { expiryOf, KEY_LIFETIME_NAMES } from './key-expiry.ts';

const { shape } = keySettings;

/** Ids, apart by commas or spaces; nothing is "all". */
const listed = z.string().transform((text) => {
  const items = text.split(/[\s,]+/).filter(Boolean);
  return items.length > 0 ? items : null;
});

const count = z
  .string()
  .trim()
  .regex(/^\d*$/)
  .transform((text) => (text === '' ? null : Number(text)));

/** Credits with up to 6 decimals as micro-credits: exact, never by way of floating point. */
const credits = z
  .string()
  .trim()
  .regex(/^(\d{1,9}(\.\d{1,6})?)?$/)
  .transform((text) => {
    if (text === '') return null;
    const [whole = '', fraction = ''] = text.split('.');
    return Number(whole) * MICRO_PER_CREDIT + Number(fraction.padEnd(6, '0'));
  });

/** What the form of a key holds, as settings; `keep` leaves the end of a key where it is. */
export const keyFields = z
  .object({
    name: shape.name,
    lifetime: z.enum(['keep', ...KEY_LIFETIME_NAMES]),
    permissions: shape.permissions,
    models: listed.pipe(shape.models),
    tools: listed.pipe(shape.tools),
    monthlyLimitMicro: credits.pipe(shape.monthlyLimitMicro),
    requestsPerMinute: count.pipe(shape.requestsPerMinute),
    tokensPerMinute: count.pipe(shape.tokensPerMinute),
  })
  .transform(({ lifetime, ...settings }): Partial<KeySettings> & { name: string } =>
    lifetime === 'keep' ? settings : { ...settings, expiresAt: expiryOf(lifetime) },
  );
export type KeyFields = z.output<typeof keyFields>;

/** Micro-credits as the form shows them, without what would be zeros. */
export const creditsText = (micro: number | null | undefined): string => {
  if (micro == null) return '';
  const fraction = String(micro % MICRO_PER_CREDIT)
    .padStart(6, '0')
    .replace(/0+$/, '');
  return `${Math.trunc(micro / MICRO_PER_CREDIT)}${fraction && `.${fraction}`}`;
};

/** What of these settings is not so yet: a key keeps what its person could not give it any more. */
export function changesOf(key: ApiKey, settings: KeyFields): Partial<KeySettings> {
  const before = new Map(Object.entries(key).map(([name, value]) => [name, JSON.stringify(value)]));
  const changed = Object.entries(settings).filter(
    ([name, value]) => before.get(name) !== JSON.stringify(value),
  );
  return Object.fromEntries(changed);
}

/** What somebody with these roles can give; everything is offered to roles that this page does not know. */
export function permissionsFor(roles: readonly string[]): readonly Permission[] {
  if (!roles.every(isRoleName)) return PERMISSIONS;
  const grants = uniteGrants(roles.filter(isRoleName).map((role) => ROLE_GRANTS[role]));
  return PERMISSIONS.filter((permission) => scopeOf(grants, permission) !== undefined);
}
