import { type Actor, matchesPattern, scopeOf } from '@smart-ai-hub/shared/contracts';
import type { Model } from './provider.ts';

/**
 * The one answer for list and call alike: a key uses what it names, guests what was opened to them, others
 * everything.
 */
export function mayUseModel({ grants, limits }: Pick<Actor, 'grants' | 'limits'>, model: Model): boolean {
  const isNamed = limits?.models?.some((pattern) => matchesPattern(pattern, model.id)) ?? true;
  const scope = scopeOf(grants, 'services:use');
  return isNamed && (scope === 'any' || (scope !== undefined && model.openToGuests));
}
