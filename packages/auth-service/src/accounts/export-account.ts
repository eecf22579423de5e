import type { AccountExport } from '@smart-ai-hub/shared/contracts';
import { requireSession } from '@smart-ai-hub/shared/service';
import type { SignedInContext } from '../context.ts';

/** Everything that this service holds on the actor; hashes and sealed secrets stay out. */
export async function exportAccount(ctx: SignedInContext): Promise<AccountExport> {
  requireSession(ctx.actor);
  const row = await ctx.database.prisma.user.findUniqueOrThrow({
    where: { id: ctx.actor.userId },
    include: {
      ...{ sessions: true, apiKeys: true, partnerSessions: true, identities: true, passkeys: true },
      ...{ totpSecret: true, recoveryCodes: true, formerPasswords: true, verificationTokens: true },
      ...{ managedTeams: true, teams: { include: { team: true } }, oauthRecords: true },
    },
  });
  return {
    exportedAt: new Date().toISOString(),
    account: {
      ...{ id: row.id, email: row.email, verified: row.verified, locale: row.locale },
      hasPassword: row.passwordHash !== null,
      roles: [...ctx.actor.roles],
      createdAt: row.createdAt.toISOString(),
      updatedAt: row.updatedAt.toISOString(),
      disabledAt: time(row.disabledAt),
      formerPasswordsReplacedAt: row.formerPasswords.map(({ replacedAt }) => replacedAt.toISOString()),
    },
    sessions: row.sessions.map(timed),
    apiKeys: row.apiKeys.map(timed),
    partnerSessions: row.partnerSessions.map(timed),
    identities: row.identities.map(timed),
    secondFactor: {
      totpSince: time(row.totpSecret?.confirmedAt),
      recoveryCodesLeft: row.recoveryCodes.filter(({ usedAt }) => usedAt === null).length,
      passkeys: row.passkeys.map(timed),
    },
    mails: row.verificationTokens.map(timed),
    teams: [
      ...row.managedTeams.map(({ id, name }) => ({ id, name, manager: true })),
      ...row.teams.map(({ team: { id, name } }) => ({ id, name, manager: false })),
    ],
    connectedPrograms: row.oauthRecords.map(timed),
  };
}

const time = (date: Date | null | undefined): string | null => date?.toISOString() ?? null;

/** Dates as the wire has them. */
type Timed<T> = {
  [K in keyof T]: T[K] extends Date ? string : T[K] extends Date | null ? string | null : T[K];
};

/** A row with its dates as text; the contract's schema lets through only what it names. */
function timed<T extends object>(row: T): Timed<T> {
  const entries = Object.entries(row).map(([name, value]: [string, unknown]) => [
    name,
    value instanceof Date ? value.toISOString() : value,
  ]);
  return Object.fromEntries(entries) as Timed<T>; // every date was replaced above, and nothing else
}
