import { z } from 'zod';
import { nothing } from './fields.ts';
import { defineContract } from './route.ts';

/** Bytes of one message; arguments of tools travel in it. */
const LARGEST_MESSAGE = 4 * 1024 * 1024;

/** Revision 2025-03-26 lets a client send several messages at once; each of them is work. */
const LARGEST_BATCH = 5;

const message = z.looseObject({});

/** A message of JSON-RPC 2.0, or a few of them; what stands in it is the protocol's to judge. */
export const mcpMessage = z.union([message, z.array(message).min(1).max(LARGEST_BATCH)]);
export type McpMessage = z.output<typeof mcpMessage>;

/** An error that no message is answered by (JSON-RPC 2.0, 5.1); `data` is ours. */
export const jsonRpcErrorBody = z
  .object({
    jsonrpc: z.literal('2.0'),
    id: z.null(),
    error: z.object({
      code: z.int(),
      message: z.string(),
      data: z.object({ code: z.string(), requestId: z.string(), retryAfter: z.number().optional() }),
    }),
  })
  .meta({ id: 'JsonRpcError' });
export type JsonRpcErrorBody = z.output<typeof jsonRpcErrorBody>;

const profileParams = z.strictObject({ profile: z.string().max(64) });

export const mcpContract = defineContract({
  callMcp: {
    method: 'POST',
    path: '/mcp',
    summary: 'The Model Context Protocol: 2026-07-28, and the revisions of 2025 with or without sessions',
    access: 'tools:use',
    body: mcpMessage,
    bodyLimit: LARGEST_MESSAGE,
    success: { status: 200, schema: z.looseObject({}) },
    problems: ['not-found'],
  },
  callMcpProfile: {
    method: 'POST',
    path: '/mcp/:profile',
    summary:
      'The same for the tools that an administrator chose for this profile, under the names chosen for them',
    access: 'tools:use',
    params: profileParams,
    body: mcpMessage,
    bodyLimit: LARGEST_MESSAGE,
    success: { status: 200, schema: z.looseObject({}) },
    problems: ['not-found'],
  },
  listenMcpProfile: {
    method: 'GET',
    path: '/mcp/:profile',
    summary: 'News of the resources that the session subscribed to, as a stream of events (2025-11-25)',
    access: 'tools:use',
    params: profileParams,
    success: { status: 200, schema: z.string(), type: 'text/event-stream' },
    problems: ['not-found', 'method-not-allowed'],
  },
  endMcpSession: {
    method: 'DELETE',
    path: '/mcp',
    summary: 'Ends the session that the header Mcp-Session-Id names (2025-11-25)',
    access: 'tools:use',
    success: { status: 204, schema: nothing },
    problems: ['not-found'],
  },
  endMcpProfileSession: {
    method: 'DELETE',
    path: '/mcp/:profile',
    summary: 'The same of a profile',
    access: 'tools:use',
    params: profileParams,
    success: { status: 204, schema: nothing },
    problems: ['not-found'],
  },
});
