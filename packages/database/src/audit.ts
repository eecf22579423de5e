import type { Transaction } from './transaction.ts';

type Fact = string | number | boolean | null | readonly string[];

/** What is remembered of one change. `before` and `after` name what changed and never hold a secret. */
export interface AuditEntry {
  /** Nobody for what the system does, and for attempts of strangers. */
  actorId?: string | undefined;
  keyId?: string | undefined;
  /** `noun.verb`, past tense: `session.opened`. */
  action: string;
  targetType: string;
  targetId: string;
  before?: Record<string, Fact>;
  after?: Record<string, Fact>;
  address?: string | undefined;
  userAgent?: string | undefined;
  requestId?: string | undefined;
}

/** Somebody who acts, as a request knows them. */
export interface Acting {
  actor: { userId: string; keyId?: string | undefined };
  address: string;
  userAgent?: string | undefined;
  requestId: string;
}

/** Who acts, by what and from where: the part of an audit entry that every change shares. */
export const auditOf = ({ actor, address, userAgent, requestId }: Acting) => ({
  actorId: actor.userId,
  keyId: actor.keyId,
  ...{ address, userAgent, requestId },
});

/** The longest client name that is kept. */
const USER_AGENT = 400;

/**
 * Adds to the audit log in the transaction of the change. The end of the chain is locked until that ends, so
 * this stands last in it.
 */
export async function appendAudit(tx: Transaction, entry: AuditEntry): Promise<void> {
  const json = (facts: Record<string, Fact> | undefined) => (facts ? JSON.stringify(facts) : null);
  await tx.$queryRaw`
    SELECT audit.append(${entry.actorId ?? null}::uuid, ${entry.keyId ?? null}::uuid, ${entry.action},
      ${entry.targetType}, ${entry.targetId}, ${json(entry.before)}::jsonb, ${json(entry.after)}::jsonb,
      ${entry.address ?? null}, ${entry.userAgent?.slice(0, USER_AGENT) ?? null}, ${entry.requestId ?? null})`;
}
