import {
  callNameOf,
  type McpTool,
  type McpToolDefinition,
  mcpToolDefinition,
  type OpenedMcpTool,
  PERMISSIONS,
  type Price,
  priceOf,
  type TOOL_STATES,
} from '@smart-ai-hub/shared/contracts';
import { z } from 'zod';

/** What says whether a tool may be used. */
export interface ToolState {
  hash: string;
  approvedHash: string | null;
  gone: boolean;
}

export interface ToolRow extends ToolState {
  name: string;
  definition: string;
  approvedDefinition: string | null;
  permission: string;
  openToGuests: boolean;
  roleIds: string[];
  limitedToRoles: boolean;
  confirm: boolean;
  confirmAbove: bigint | null;
  seenAt: Date;
}

/** Names of roles by their ids. */
export type RoleNames = ReadonlyMap<string, string>;

export function stateOf({ gone, hash, approvedHash }: ToolState): (typeof TOOL_STATES)[number] {
  if (gone) return 'gone';
  if (approvedHash === null) return 'waiting';
  return approvedHash === hash ? 'approved' : 'changed';
}

const permission = z.enum(PERMISSIONS);
const definitionIn = (text: string): McpToolDefinition => mcpToolDefinition.parse(JSON.parse(text));

/** Whom a tool is for, and when it asks. */
export const rulesOf = (row: ToolRow, names: RoleNames) => ({
  ...{ permission: permission.parse(row.permission), openToGuests: row.openToGuests, confirm: row.confirm },
  roles: row.limitedToRoles ? row.roleIds.flatMap((id) => names.get(id) ?? []) : null,
  confirmAboveMicro: row.confirmAbove === null ? null : Number(row.confirmAbove),
});

/** A tool as the service that calls it needs it. */
export const openedTool = (server: string, row: ToolRow, names: RoleNames): OpenedMcpTool => ({
  ...{ ...rulesOf(row, names), name: row.name, callName: callNameOf(server, row.name), hash: row.hash },
  definition: definitionIn(row.definition),
});

/** A tool as administrators see it. */
export function toolView(server: string, row: ToolRow, names: RoleNames, prices: readonly Price[]): McpTool {
  const state = stateOf(row);
  const { approvedDefinition } = row;
  const shown = openedTool(server, row, names);
  return {
    ...shown,
    state,
    approvedDefinition:
      state === 'changed' && approvedDefinition !== null ? definitionIn(approvedDefinition) : null,
    priceMicro: priceOf(prices, `tool:${shown.callName}`)?.unitMicro ?? 0,
    seenAt: row.seenAt.toISOString(),
  };
}
