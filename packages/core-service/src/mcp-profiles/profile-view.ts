import type { McpProfile } from '@smart-ai-hub/shared/contracts';

interface ProfileRow {
  id: string;
  name: string;
  title: string;
  createdAt: Date;
  updatedAt: Date;
  tools: { name: string; tool: string; server: { name: string } }[];
  contentServer: { name: string } | null;
}

/** What is read with a profile, so that it can be shown. */
export const WITH_CHOSEN = {
  tools: { orderBy: { position: 'asc' }, include: { server: { select: { name: true } } } },
  contentServer: { select: { name: true } },
} as const;

/** A profile as the API shows it. */
export const profileView = ({
  contentServer,
  tools,
  createdAt,
  updatedAt,
  ...row
}: ProfileRow): McpProfile => ({
  ...row,
  tools: tools.map(({ name, tool, server }) => ({
    ...{ server: server.name, tool },
    ...(name !== tool && { as: name }),
  })),
  contentOf: contentServer?.name ?? null,
  createdAt: createdAt.toISOString(),
  updatedAt: updatedAt.toISOString(),
});

/** What the audit log remembers of a profile. */
export const profileFacts = ({ name, title, tools, contentServer }: ProfileRow) => ({
  ...{ name, title, contentOf: contentServer?.name ?? null },
  tools: tools.map((one) => `${one.name} = ${one.server.name}__${one.tool}`),
});
