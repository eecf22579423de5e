import { z } from 'zod';

const node = z.looseObject({
  'x-mcp-header': z
    .string()
    .regex(/^[\w!#$%&'*+.^`|~-]+$/)
    .optional()
    .catch(undefined),
  properties: z.record(z.string(), z.unknown()).optional().catch(undefined),
});
const object = z.record(z.string(), z.unknown()).catch({});

/**
 * Headers that say again which arguments a tool's schema marks with `x-mcp-header`: servers of today refuse calls without
 * them (MCP 2026-07-28, Streamable HTTP, custom headers from tool parameters).
 */
export function paramHeaders(inputSchema: unknown, args: unknown): Record<string, string> {
  const { data: schema } = node.safeParse(inputSchema);
  if (!schema) return {};
  const { 'x-mcp-header': name, properties = {} } = schema;
  const said = name === undefined ? undefined : textOf(args);
  const within = Object.keys(properties).length > 0 ? object.parse(args) : {};
  const inner = Object.entries(properties).flatMap(([key, child]) =>
    Object.entries(paramHeaders(child, within[key])),
  );
  return {
    ...(said !== undefined && { [`mcp-param-${name}`]: fieldValue(said) }),
    ...Object.fromEntries(inner),
  };
}

/** What is no text, truth or exact number is left out. */
function textOf(value: unknown): string | undefined {
  if (typeof value === 'string' || typeof value === 'boolean') return String(value);
  if (typeof value !== 'number' || !Number.isFinite(value)) return undefined;
  return Number.isInteger(value) && !Number.isSafeInteger(value) ? undefined : String(value);
}

/** What a field of HTTP may hold as it is; anything else in Base64, and what looks like that already. */
const PLAIN = /^(?![ \t])[\t\x20-\x7e]+(?<![ \t])$/;
const fieldValue = (text: string): string =>
  PLAIN.test(text) && !/^=\?base64\?.*\?=$/i.test(text)
    ? text
    : `=?base64?${Buffer.from(text).toString('base64')}?=`;
