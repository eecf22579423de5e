import { z } from 'zod';
import { PERMISSIONS } from './access.ts';
import { isUnique, microNonNegative, timestamp, TWICE } from './fields.ts';

/** Characters of one definition as JSON, and how deep it may nest: far above any that people write. */
const LONGEST_DEFINITION = 65_536;
const DEEPEST_DEFINITION = 40;
/** Tools of one server; what is over is left out. */
export const TOOLS_OF_A_SERVER = 250;

/** As its server names it; behind `server__` it is what callers see. */
export const mcpToolName = z.string().regex(/^[\w./-]{1,128}$/, 'is no name of a tool');

const isShallow = (value: unknown, left = DEEPEST_DEFINITION): boolean =>
  typeof value !== 'object' ||
  value === null ||
  (left > 0 && Object.values(value).every((inner) => isShallow(inner, left - 1)));

/** One text for everything that says the same: members in the order of their names (after RFC 8785, 3.2.3). */
export const canonicalJson = (value: unknown): string => JSON.stringify(value, sorted);

function sorted(_name: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

const jsonSchema = z.looseObject({});

/** What a model and its person read of a tool (MCP 2026-07-28, tools): the part that an administrator approves. */
export const mcpToolDefinition = z
  .object({
    title: z.string().optional(),
    description: z.string().optional(),
    inputSchema: jsonSchema,
    outputSchema: jsonSchema.optional(),
    annotations: z.looseObject({}).optional(),
  })
  .refine((definition) => isShallow(definition), { error: 'nests too deep', abort: true })
  .refine((definition) => canonicalJson(definition).length <= LONGEST_DEFINITION, 'is too long');
export type McpToolDefinition = z.output<typeof mcpToolDefinition>;

/** A tool as its server has it now. */
export const seenTool = z.strictObject({ name: mcpToolName, definition: mcpToolDefinition });
export type SeenTool = z.output<typeof seenTool>;

/** As many tools as a server may have, each once. */
export const seenTools = z
  .array(seenTool)
  .max(TOOLS_OF_A_SERVER)
  .refine((list) => isUnique(list.map(({ name }) => name)), TWICE);

/** SHA-256 of the definition's canonical JSON, in hex. */
export const definitionHash = z.string().regex(/^[0-9a-f]{64}$/, 'is no hash of a definition');

/**
 * `waiting`: nobody has approved it. `approved`: it is as it was approved. `changed`: it was approved, and its server
 * says something else now. `gone`: its server has it no more. Only what is approved is listed and called.
 */
export const TOOL_STATES = ['approved', 'waiting', 'changed', 'gone'] as const;
export type ToolState = (typeof TOOL_STATES)[number];

/** Who may use a tool, and whether they are asked first. Whoever calls needs `tools:use` and all that is said here. */
export const toolRules = {
  /** Needed beside `tools:use`; the same is no more than that. */
  permission: z.enum(PERMISSIONS),
  /** Whoever has `tools:use` as a guest has it (`own`) may use it too. */
  openToGuests: z.boolean(),
  /** Names of roles, of which the person has one; null is everybody. */
  roles: z.array(z.string().max(40)).min(1).max(100).refine(isUnique, TWICE).nullable(),
  /** Each call asks its person first. */
  confirm: z.boolean(),
  /** A call that costs more than this asks first; null asks for no price. Micro-credits. */
  confirmAboveMicro: microNonNegative.nullable(),
};

const kept = {
  ...toolRules,
  name: mcpToolName,
  permission: z.enum(PERMISSIONS),
  roles: z.array(z.string()).nullable(),
};

/** A tool of a server, as administrators see it. */
export const mcpTool = z.object({
  ...kept,
  /** What callers see, keys name, and prices are set for: `tool:` and this. */
  callName: z.string(),
  state: z.enum(TOOL_STATES),
  /** As its server had it when it was last seen. */
  definition: mcpToolDefinition,
  hash: definitionHash,
  /** What was approved, where its server says something else now. */
  approvedDefinition: mcpToolDefinition.nullable(),
  /** Of one call, now. */
  priceMicro: microNonNegative,
  seenAt: timestamp,
});
export type McpTool = z.output<typeof mcpTool>;

/** A tool that is approved, as the service that calls it needs it. */
export const openedMcpTool = z.object({
  ...kept,
  callName: z.string(),
  definition: mcpToolDefinition,
  hash: definitionHash,
});
export type OpenedMcpTool = z.output<typeof openedMcpTool>;

/** The name by which callers know a tool of a server. */
export const callNameOf = (server: string, tool: string): string => `${server}__${tool}`;
