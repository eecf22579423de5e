import { appendAudit, auditOf, type Transaction, withAnnouncement } from '@smart-ai-hub/database';
import {
  DomainError,
  MCP_SERVERS_CHANGED,
  type McpProfile,
  type McpProfileChange,
  type NewMcpProfile,
} from '@smart-ai-hub/shared/contracts';
import type { SignedInContext } from '../context.ts';
import { refuseTaken } from '../refuse-taken.ts';
import { profileFacts, profileView, WITH_CHOSEN } from './profile-view.ts';

/** Makes a profile of tools that there are. Throws `name-taken`, and `invalid-request` for a tool or a server that there is not. */
export async function createProfile(
  ctx: SignedInContext,
  { name, title, tools, contentOf }: NewMcpProfile,
): Promise<McpProfile> {
  return withAnnouncement(ctx, async (tx, tell) => {
    const row = await tx.mcpProfile.create({
      data: {
        ...{ name, title, createdBy: ctx.actor.userId },
        tools: { create: await chosen(tx, tools) },
        contentServerId: await contentServer(tx, contentOf),
      },
      include: WITH_CHOSEN,
    });
    tell(MCP_SERVERS_CHANGED);
    await appendAudit(tx, {
      ...auditOf(ctx),
      ...{ action: 'mcp-profile.created', targetType: 'mcp-profile', targetId: row.id },
      after: profileFacts(row),
    });
    return profileView(row);
  }).catch(refuseTaken);
}

/** Changes what is named. Throws `not-found`, and as `createProfile` does. */
export async function updateProfile(
  ctx: SignedInContext,
  id: string,
  { tools, contentOf, ...words }: McpProfileChange,
): Promise<McpProfile> {
  const named = Object.fromEntries(Object.entries(words).filter(([, value]) => value !== undefined));
  return withAnnouncement(ctx, async (tx, tell) => {
    const before = await lockProfile(tx, id);
    const row = await tx.mcpProfile.update({
      where: { id },
      data: {
        ...named,
        ...(tools && { tools: { deleteMany: {}, create: await chosen(tx, tools) } }),
        ...(contentOf !== undefined && { contentServerId: await contentServer(tx, contentOf) }),
      },
      include: WITH_CHOSEN,
    });
    tell(MCP_SERVERS_CHANGED);
    await appendAudit(tx, {
      ...auditOf(ctx),
      ...{ action: 'mcp-profile.changed', targetType: 'mcp-profile', targetId: id },
      ...{ before: profileFacts(before), after: profileFacts(row) },
    });
    return profileView(row);
  }).catch(refuseTaken);
}

/** Forgets a profile. Throws `not-found`. */
export async function deleteProfile(ctx: SignedInContext, id: string): Promise<void> {
  await withAnnouncement(ctx, async (tx, tell) => {
    const row = await lockProfile(tx, id);
    await tx.mcpProfile.delete({ where: { id } });
    tell(MCP_SERVERS_CHANGED);
    await appendAudit(tx, {
      ...auditOf(ctx),
      ...{ action: 'mcp-profile.deleted', targetType: 'mcp-profile', targetId: id },
      before: profileFacts(row),
    });
  });
}

async function lockProfile(tx: Transaction, id: string) {
  await tx.$queryRaw`SELECT FROM core.mcp_profiles WHERE id = ${id}::uuid FOR UPDATE`;
  const row = await tx.mcpProfile.findUnique({ where: { id }, include: WITH_CHOSEN });
  if (!row) throw new DomainError('not-found');
  return row;
}

/** The rows of a choice: each tool has been seen at its server, approved or not. */
async function chosen(tx: Transaction, tools: NewMcpProfile['tools']) {
  const servers = await tx.mcpServer.findMany({
    where: { name: { in: tools.map(({ server }) => server) } },
    select: { id: true, name: true, tools: { select: { name: true } } },
  });
  return tools.map(({ server, tool, as: name = tool }, position) => {
    const found = servers.find((one) => one.name === server);
    if (!found?.tools.some((one) => one.name === tool))
      throw wrong(`tools.${position}`, 'is no tool of a server');
    return { name, tool, position, serverId: found.id };
  });
}

async function contentServer(tx: Transaction, name: string | null): Promise<string | null> {
  if (name === null) return null;
  const found = await tx.mcpServer.findUnique({ where: { name }, select: { id: true } });
  if (!found) throw wrong('contentOf', 'is no server');
  return found.id;
}

const wrong = (path: string, message: string): DomainError =>
  new DomainError('invalid-request', { detail: message, errors: [{ path, message }] });
