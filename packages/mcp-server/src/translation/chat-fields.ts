import { DomainError } from '@smart-ai-hub/shared/contracts';

/** The fields of an object; none for anything else. */
export const fieldsOf = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? { ...value } : {};

/** A part of the caller's request that has no place in the provider's format. */
export const invalid = (path: string, message: string) =>
  new DomainError('invalid-request', { errors: [{ path, message }] });

/** A list, where there is one; the caller's mistake where there is something else. */
export function listOf(value: unknown, path: string): unknown[] {
  if (value == null) return [];
  if (Array.isArray(value)) return value;
  throw invalid(path, 'must be a list');
}

/** A number, where there is one. */
export function numberOf(body: Record<string, unknown>, field: string): number | undefined {
  const value = body[field] ?? undefined;
  if (value === undefined || typeof value === 'number') return value;
  throw invalid(field, 'must be a number');
}

/** The texts at which an answer stops: one, or a list of them. */
export const stopTexts = (stop: unknown): string[] =>
  (typeof stop === 'string' ? [stop] : listOf(stop, 'stop')).filter((text) => typeof text === 'string');

/** What a vendor has for the caller's `reasoning_effort`. */
export function effortIn<T>(efforts: Record<string, T>, asked: unknown): T {
  const effort = typeof asked === 'string' && Object.hasOwn(efforts, asked) ? efforts[asked] : undefined;
  if (effort !== undefined) return effort;
  throw invalid('reasoning_effort', `must be one of ${Object.keys(efforts).join(', ')}`);
}

/** The JSON that an answer has to be, with its schema where there is one; nothing where it is text. */
export function jsonFormat(given: unknown): { schema?: object } | undefined {
  const { type = 'text', json_schema: described } = fieldsOf(given);
  if (type === 'text') return undefined;
  if (type === 'json_object') return {};
  const { schema } = fieldsOf(described);
  if (type === 'json_schema' && typeof schema === 'object' && schema !== null) return { schema };
  throw invalid('response_format', 'must be text, json_object, or json_schema with a schema');
}

/** For a provider whose answers are not told apart when they come together. */
export function expectOneAnswer({ n }: Record<string, unknown>): void {
  if (typeof n === 'number' && n > 1)
    throw new DomainError('invalid-request', { detail: 'n must be 1: this model gives one answer' });
}

/** Without the fields that have no value. */
export const said = (fields: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
