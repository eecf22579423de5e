import { appendAudit, auditOf, type Transaction, withAnnouncement } from '@smart-ai-hub/database';
import {
  DomainError,
  MCP_SERVERS_CHANGED,
  type McpTool,
  type McpToolChange,
} from '@smart-ai-hub/shared/contracts';
import type { SignedInContext } from '../context.ts';
import { listTools, roleNames } from './list-tools.ts';
import { lockServer } from './lock-server.ts';
import { type RoleNames, rulesOf, stateOf, type ToolRow } from './tool-view.ts';

/** Changes for whom these tools are, and takes approvals back. Throws `not-found`, and `invalid-request` for a role that is none. */
export async function updateTools(
  ctx: SignedInContext,
  serverId: string,
  { names, ...change }: McpToolChange,
): Promise<{ items: McpTool[] }> {
  await withAnnouncement(ctx, async (tx, tell) => {
    const { name: server } = await lockServer(tx, serverId);
    const where = { serverId, name: { in: names } };
    const look = () => tx.mcpTool.findMany({ where, orderBy: { name: 'asc' } });
    const before = await look();
    if (before.length < names.length) throw new DomainError('not-found');
    await tx.mcpTool.updateMany({ where, data: { ...columnsOf(change), ...(await rolesOf(tx, change)) } });
    tell(MCP_SERVERS_CHANGED);
    const known = await roleNames(ctx);
    await appendAudit(tx, {
      ...auditOf(ctx),
      ...{ action: 'mcp-server.tools-changed', targetType: 'mcp-server', targetId: serverId },
      before: { server, tools: before.map((row) => words(row, known)) },
      after: { server, tools: (await look()).map((row) => words(row, known)) },
    });
  });
  return listTools(ctx, serverId);
}

type Change = Omit<McpToolChange, 'names'>;

function columnsOf({ approved, confirmAboveMicro, roles: _, ...rules }: Change) {
  return {
    ...Object.fromEntries(Object.entries(rules).filter(([, value]) => value !== undefined)),
    ...(confirmAboveMicro !== undefined && { confirmAbove: confirmAboveMicro }),
    ...(approved === false && { approvedDefinition: null, approvedHash: null }),
  };
}

async function rolesOf(tx: Transaction, { roles }: Change) {
  if (roles === undefined) return {};
  if (roles === null) return { limitedToRoles: false, roleIds: [] };
  const found = await tx.role.findMany({ where: { name: { in: roles } }, select: { id: true } });
  if (found.length === roles.length) return { limitedToRoles: true, roleIds: found.map(({ id }) => id) };
  const message = 'names a role that there is not';
  throw new DomainError('invalid-request', { detail: message, errors: [{ path: 'roles', message }] });
}

/** A tool's rules as the audit log keeps them. */
const words = (row: ToolRow, names: RoleNames) =>
  `${row.name} ${stateOf(row)} ${JSON.stringify(rulesOf(row, names))}`;
