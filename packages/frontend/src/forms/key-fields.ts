import {
  isRoleName,
  type KeySettings,
  keySettings,
  type Permission,
  PERMISSIONS,
  ROLE_GRANTS,
  scopeOf,
  uniteGrants,
} from '@smart-ai-hub/shared/contracts';
import { z } from 'zod';
import { count, credits } from './typed-values.ts';
import { expiryOf, KEY_LIFETIME_NAMES } from './key-expiry.ts';

const { shape } = keySettings;

/** Ids, apart by commas or spaces; nothing is "all". */
const listed = z.string().transform((text) => {
  const items = text.split(/[\s,]+/).filter(Boolean);
  return items.length > 0 ? items : null;
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
    cacheAnswers: z
      .literal('on')
      .optional()
      .transform((tick) => tick === 'on'),
  })
  .transform(({ lifetime, ...settings }): Partial<KeySettings> & { name: string } =>
    lifetime === 'keep' ? settings : { ...settings, expiresAt: expiryOf(lifetime) },
  );
export type KeyFields = z.output<typeof keyFields>;

/** What somebody with these roles can give; everything is offered to roles that this page does not know. */
export function permissionsFor(roles: readonly string[]): readonly Permission[] {
  if (!roles.every(isRoleName)) return PERMISSIONS;
  const grants = uniteGrants(roles.filter(isRoleName).map((role) => ROLE_GRANTS[role]));
  return PERMISSIONS.filter((permission) => scopeOf(grants, permission) !== undefined);
}
