import type { TeamOfActor } from '@smart-ai-hub/shared/contracts';
import type { AuthDeps } from '../context.ts';

/** The teams that a person is in, and what each may spend in a month. */
export async function teamsOf({ database: { prisma } }: AuthDeps, userId: string): Promise<TeamOfActor[]> {
  const teams = await prisma.team.findMany({
    where: { members: { some: { userId } } },
    select: { id: true, monthlyLimitMicro: true },
    orderBy: { id: 'asc' },
  });
  return teams.map(({ id, monthlyLimitMicro }) => ({
    id,
    ...(monthlyLimitMicro !== null && { monthlyMicro: Number(monthlyLimitMicro) }),
  }));
}
