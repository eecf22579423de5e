import { z } from 'zod';

const MAX_DEPTH = 10;

const objectSchema = z.object({
  properties: z.record(z.string(), z.unknown()).default({}),
  required: z.array(z.string()).default([]),
  additionalProperties: z.literal(false),
});

/**
 * True for a schema that OpenAI takes as strict: every object closed, every property required, not nested deeper than
 * allowed (https://platform.openai.com/docs/guides/structured-outputs). Anthropic allows optional properties; such a
 * schema is sent as a wish, since as a strict one it would be refused.
 */
export function keepsStrictRules(schema: unknown, depth = 0): boolean {
  if (typeof schema !== 'object' || schema === null) return true;
  if (depth > 2 * MAX_DEPTH) return false; // a level is two: the object, and its properties
  const type: unknown = Reflect.get(schema, 'type');
  const isObject = type === 'object' || (Array.isArray(type) && type.includes('object'));
  if (isObject && !isClosed(schema)) return false;
  return Object.values(schema).every((part) => keepsStrictRules(part, depth + 1));
}

function isClosed(schema: object): boolean {
  const { data } = objectSchema.safeParse(schema);
  return data !== undefined && Object.keys(data.properties).every((name) => data.required.includes(name));
}
