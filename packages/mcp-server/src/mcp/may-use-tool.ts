import { type Actor, matchesPattern, scopeOf, SCOPES } from '@smart-ai-hub/shared/contracts';
import type { Tool } from './tool.ts';

/** The one answer for list and call alike: what the person may do, and of that what a key names. */
export function mayUseTool(
  { grants, limits }: Pick<Actor, 'grants' | 'limits'>,
  { name, permission, atLeast = 'own' }: Pick<Tool, 'name' | 'permission' | 'atLeast'>,
): boolean {
  const isNamed = limits?.tools?.some((pattern) => matchesPattern(pattern, name)) ?? true;
  const scope = scopeOf(grants, permission);
  return isNamed && scope !== undefined && SCOPES.indexOf(scope) >= SCOPES.indexOf(atLeast);
}
