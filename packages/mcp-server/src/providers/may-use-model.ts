import { type Actor, matchesPattern } from '@smart-ai-hub/shared/contracts';

/** The one answer to whether this caller may use this model, for lists and for calls. */
export const mayUseModel = ({ limits }: Actor, model: string): boolean =>
  limits?.models?.some((pattern) => matchesPattern(pattern, model)) ?? true;
