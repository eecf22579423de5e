import { z } from 'zod';
import { id, isUnique, nothing, oneLine, timestamp, TWICE } from './fields.ts';
import {
  definitionHash,
  mcpTool,
  mcpToolName,
  openedMcpTool,
  seenTool,
  seenTools,
  TOOLS_OF_A_SERVER,
  toolRules,
} from './mcp-tools.ts';
import { MCP_ERAS, mcpTransport, openedTransport, shownTransport } from './mcp-upstreams.ts';
import { defineContract } from './route.ts';

/** `hub` is the hub itself. Without an underscore, so that `name__tool` is read in one way. */
const name = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,31}$/, 'is no name of 1 to 32 small letters, digits and -')
  .refine((text) => text !== 'hub', 'is the hub itself');

const settings = {
  /** Stands before the names of its tools. */
  name,
  transport: mcpTransport,
  era: z.enum(MCP_ERAS),
  /** Of one call. */
  timeoutMs: z.int().min(1000).max(600_000),
  maxResultBytes: z
    .int()
    .min(1024)
    .max(64 * 1024 * 1024),
  /** Each person has a session, or a child, of their own; without it all share one. */
  perPerson: z.boolean(),
  active: z.boolean(),
};

const server = z.object({
  ...settings,
  id,
  name: z.string(),
  transport: shownTransport,
  /** False where they were sealed with another SEALING_KEY: until they are given anew, the server is not asked. */
  secretsReadable: z.boolean(),
  /** False where its program or address is not allowed (any more): until it is, the server is not asked. */
  allowed: z.boolean(),
  tools: z.object({ approved: z.int(), waiting: z.int(), changed: z.int(), gone: z.int() }),
  createdAt: timestamp,
  updatedAt: timestamp,
});
export type KeptMcpServer = z.output<typeof server>;

/** A server with its secrets and the tools that are approved, as the service that speaks to it needs it. */
export const openedMcpServer = z.object({
  ...settings,
  id,
  name: z.string(),
  transport: openedTransport,
  tools: z.array(openedMcpTool),
});
export type OpenedMcpServer = z.output<typeof openedMcpServer>;

const profileTool = z.strictObject({
  /** By name. */
  server: name,
  tool: mcpToolName,
  /** What callers see; the tool's own name where it is left out. */
  as: mcpToolName.optional(),
});

const profileSettings = {
  /** It is served at `/mcp/` and this. */
  name,
  title: oneLine(200),
  tools: z
    .array(profileTool)
    .max(200)
    .refine((list) => isUnique(list.map(({ tool, as }) => as ?? tool)), TWICE),
  /** The server whose prompts and resources it passes on as they are, under their own names. */
  contentOf: name.nullable(),
};

const profile = z.object({
  ...profileSettings,
  id,
  name: z.string(),
  tools: z.array(z.object({ server: z.string(), tool: z.string(), as: z.string().optional() })),
  contentOf: z.string().nullable(),
  createdAt: timestamp,
  updatedAt: timestamp,
});
export type McpProfile = z.output<typeof profile>;

/** A chosen list of tools without prefix; a tool that is not among its server's approved ones is not in it now. */
export const openedMcpProfile = z.object({
  id,
  name: z.string(),
  title: z.string(),
  tools: z.array(
    z.object({
      serverId: id,
      /** As its server names it. */
      tool: z.string(),
      /** As callers of the profile see it. */
      name: z.string(),
    }),
  ),
  /** Whose prompts and resources it has. */
  contentServerId: id.nullable(),
});
export type OpenedMcpProfile = z.output<typeof openedMcpProfile>;

/** What every process hears when servers, their tools or profiles have changed. */
export const MCP_SERVERS_CHANGED = 'mcp-servers:all';

const params = z.strictObject({ serverId: id });
const toolList = z.object({ items: z.array(mcpTool) });
const names = z.array(mcpToolName).min(1).max(TOOLS_OF_A_SERVER).refine(isUnique, TWICE);
/** Definitions travel in it. */
const LARGEST_BODY = 8 * 1024 * 1024;

const SAVE_PROBLEMS = ['name-taken', 'egress-refused', 'egress-failed', 'mcp-command-refused'] as const;

/** What speaking to a server can come to. */
const ASK_PROBLEMS = [
  'egress-refused',
  'egress-failed',
  'mcp-command-refused',
  'mcp-server-refused',
  'mcp-server-not-understood',
  'mcp-server-failed',
  'mcp-server-busy',
  'mcp-server-timeout',
] as const;

/** Servers whose tools the hub passes on. Secrets are given, and never answered. */
export const mcpServersContract = defineContract({
  listMcpServers: {
    method: 'GET',
    path: '/api/v1/mcp-servers',
    summary: 'MCP servers whose tools the hub passes on, by name',
    access: 'tools:configure',
    success: {
      status: 200,
      schema: z.object({
        items: z.array(server),
        /** Programs that a server over stdio may be, as the machine's owner allowed them. */
        stdioCommands: z.array(z.string()),
      }),
    },
    problems: [],
  },
  createMcpServer: {
    method: 'POST',
    path: '/api/v1/mcp-servers',
    summary: 'Add an MCP server; tools that are approved with it are served while they stay as they are',
    access: 'tools:configure',
    stepUp: true,
    bodyLimit: LARGEST_BODY,
    body: z.strictObject({
      ...settings,
      era: settings.era.default('auto'),
      timeoutMs: settings.timeoutMs.default(60_000),
      maxResultBytes: settings.maxResultBytes.default(4 * 1024 * 1024),
      perPerson: settings.perPerson.default(true),
      active: settings.active.default(true),
      /** Of those that a check has found, as it found them. */
      approve: seenTools.default([]),
    }),
    success: { status: 201, schema: server },
    problems: SAVE_PROBLEMS,
  },
  updateMcpServer: {
    method: 'PATCH',
    path: '/api/v1/mcp-servers/:serverId',
    summary: 'Change what is named; secrets are replaced where given, and given anew with another target',
    access: 'tools:configure',
    stepUp: true,
    params,
    body: z.strictObject(settings).partial(),
    success: { status: 200, schema: server },
    problems: ['not-found', ...SAVE_PROBLEMS],
  },
  deleteMcpServer: {
    method: 'DELETE',
    path: '/api/v1/mcp-servers/:serverId',
    summary: 'Forget a server with its secrets, its tools and what profiles chose of them',
    access: 'tools:configure',
    stepUp: true,
    params,
    success: { status: 204, schema: nothing },
    problems: ['not-found'],
  },
  listMcpTools: {
    method: 'GET',
    path: '/api/v1/mcp-servers/:serverId/tools',
    summary: 'Tools of a server as they were last seen, by name',
    access: 'tools:configure',
    params,
    success: { status: 200, schema: toolList },
    problems: ['not-found'],
  },
  approveMcpTools: {
    method: 'POST',
    path: '/api/v1/mcp-servers/:serverId/tools/approve',
    summary: 'Approve tools as they were shown; one that has changed since then approves none',
    access: 'tools:configure',
    stepUp: true,
    params,
    body: z.strictObject({
      tools: z
        .array(z.strictObject({ name: mcpToolName, hash: definitionHash }))
        .min(1)
        .max(TOOLS_OF_A_SERVER)
        .refine((list) => isUnique(list.map((tool) => tool.name)), TWICE),
    }),
    success: { status: 200, schema: toolList },
    problems: ['not-found', 'mcp-tool-changed'],
  },
  updateMcpTools: {
    method: 'PATCH',
    path: '/api/v1/mcp-servers/:serverId/tools',
    summary: 'Who may use these tools, and which ask first; `approved: false` takes an approval back',
    access: 'tools:configure',
    stepUp: true,
    params,
    body: z.strictObject({
      names,
      ...z.object({ ...toolRules, approved: z.literal(false) }).partial().shape,
    }),
    success: { status: 200, schema: toolList },
    problems: ['not-found'],
  },
});

/** Answered by the service that alone can speak to a server. */
export const mcpUpstreamsContract = defineContract({
  checkMcpServer: {
    method: 'POST',
    path: '/api/v1/mcp-servers/check',
    summary:
      'Ask a server for its tools without saving; of one that is kept here, by its own secrets where none is given',
    access: 'tools:configure',
    stepUp: true,
    body: z.strictObject({
      transport: mcpTransport,
      era: settings.era.default('auto'),
      timeoutMs: settings.timeoutMs.default(60_000),
      /** Whose secrets are told where none is given; only to the target that they were given for. */
      serverId: id.optional(),
    }),
    success: {
      status: 200,
      schema: z.object({
        /** The revision that was spoken. */
        protocolVersion: z.string(),
        server: z.object({ name: z.string(), version: z.string() }),
        tools: z.array(seenTool.extend({ hash: definitionHash })),
        /** Tools whose name or definition the hub does not take. */
        leftOut: z.int(),
      }),
    },
    problems: ['not-found', ...ASK_PROBLEMS],
  },
  refreshMcpServer: {
    method: 'POST',
    path: '/api/v1/mcp-servers/:serverId/refresh',
    summary: 'Ask a server for its tools now; what is new or changed waits for approval',
    access: 'tools:configure',
    stepUp: true,
    params,
    success: { status: 200, schema: toolList },
    problems: ['not-found', ...ASK_PROBLEMS],
  },
  listMcpServerHealth: {
    method: 'GET',
    path: '/api/v1/mcp-servers/health',
    summary: 'How servers answer, as seen by the process that answers',
    access: 'tools:configure',
    success: {
      status: 200,
      schema: z.object({
        items: z.array(
          z.object({
            serverId: id,
            /** `unasked`: nobody has called it yet. `resting`: it failed often, and is left alone for a while. */
            state: z.enum(['unasked', 'up', 'down', 'resting']),
            /** The revision that was last spoken. */
            protocolVersion: z.string().nullable(),
            /** Sessions or children that are open now. */
            open: z.int(),
            /** Of the last failure, in words that hold no secret; nothing while it answers. */
            error: z.string().nullable(),
            since: timestamp.nullable(),
          }),
        ),
      }),
    },
    problems: [],
  },
});

const profileParams = z.strictObject({ profileId: id });

/** Lists of chosen tools, each served at an address of its own. */
export const mcpProfilesContract = defineContract({
  listMcpProfiles: {
    method: 'GET',
    path: '/api/v1/mcp-profiles',
    summary: 'Profiles, by name',
    access: 'tools:configure',
    success: { status: 200, schema: z.object({ items: z.array(profile) }) },
    problems: [],
  },
  createMcpProfile: {
    method: 'POST',
    path: '/api/v1/mcp-profiles',
    summary: 'Make a profile: chosen tools without prefix, served at `/mcp/` and its name',
    access: 'tools:configure',
    stepUp: true,
    body: z.strictObject({
      ...profileSettings,
      title: profileSettings.title.default(''),
      contentOf: profileSettings.contentOf.default(null),
    }),
    success: { status: 201, schema: profile },
    problems: ['name-taken'],
  },
  updateMcpProfile: {
    method: 'PATCH',
    path: '/api/v1/mcp-profiles/:profileId',
    summary: 'Change what is named of a profile; `tools` are all that it has from then on',
    access: 'tools:configure',
    stepUp: true,
    params: profileParams,
    body: z.strictObject(profileSettings).partial(),
    success: { status: 200, schema: profile },
    problems: ['not-found', 'name-taken'],
  },
  deleteMcpProfile: {
    method: 'DELETE',
    path: '/api/v1/mcp-profiles/:profileId',
    summary: 'Forget a profile; the tools stay',
    access: 'tools:configure',
    stepUp: true,
    params: profileParams,
    success: { status: 204, schema: nothing },
    problems: ['not-found'],
  },
});

export type NewMcpServer = z.output<typeof mcpServersContract.createMcpServer.body>;
export type McpServerChange = z.output<typeof mcpServersContract.updateMcpServer.body>;
export type McpToolChange = z.output<typeof mcpServersContract.updateMcpTools.body>;
export type McpServerCheck = z.output<typeof mcpUpstreamsContract.checkMcpServer.success.schema>;
export type McpServerHealth = z.output<
  typeof mcpUpstreamsContract.listMcpServerHealth.success.schema
>['items'][number];
export type NewMcpProfile = z.output<typeof mcpProfilesContract.createMcpProfile.body>;
export type McpProfileChange = z.output<typeof mcpProfilesContract.updateMcpProfile.body>;
