import type { McpProfile } from '@smart-ai-hub/shared/contracts';

interface ProfileRow {
  id: string;
  name: string;
  title: string;
  createdAt: Date;
  updatedAt: Date;
  tools: { name: string; tool: string; server: { name: string } }[];
}

/** What is read with a profile, so that it can be shown. */
export const WITH_CHOSEN = {
  tools: { orderBy: { position: 'asc' }, include: { server: { select: { name: true } } } },
} as const;

/** A profile as the API shows it. */
export const profileView = ({ tools, createdAt, updatedAt, ...row }: ProfileRow): McpProfile => ({
  ...row,
  tools: tools.map(({ name, tool, server }) => ({
    ...{ server: server.name, tool },
    ...(name !== tool && { as: name }),
  })),
  createdAt: createdAt.toISOString(),
  updatedAt: updatedAt.toISOString(),
});

/** What the audit log remembers of a profile. */
export const profileFacts = ({ name, title, tools }: ProfileRow) => ({
  ...{ name, title },
  tools: tools.map((one) => `${one.name} = ${one.server.name}__${one.tool}`),
});
