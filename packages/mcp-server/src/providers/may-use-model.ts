import { type Actor, scopeOf } from '@smart-ai-hub/shared/contracts';
import type { Model } from './provider.ts';

/** The one answer for list and call alike: guests use what was opened to them, others everything. */
export function mayUseModel({ grants }: Pick<Actor, 'grants'>, { openToGuests }: Model): boolean {
  const scope = scopeOf(grants, 'services:use');
  return scope === 'any' || (scope !== undefined && openToGuests);
}
