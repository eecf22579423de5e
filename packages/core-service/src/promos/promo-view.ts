import type { PromoCode } from '@smart-ai-hub/shared/contracts';

export interface PromoRow {
  id: string;
  code: string;
  /** A number from the pool, a bigint from Prisma. */
  credits: bigint | number;
  maxUses: number | null;
  usedCount: number;
  expiresAt: Date | null;
  active: boolean;
  description: string;
  createdAt: Date;
}

/** A code as the API shows it. */
export const promoView = ({ credits, expiresAt, createdAt, ...row }: PromoRow): PromoCode => ({
  id: row.id,
  code: row.code,
  creditsMicro: Number(credits),
  maxUses: row.maxUses,
  usedCount: row.usedCount,
  active: row.active,
  description: row.description,
  expiresAt: expiresAt?.toISOString() ?? null,
  createdAt: createdAt.toISOString(),
});
