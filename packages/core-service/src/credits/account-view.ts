import type { Account } from '@smart-ai-hub/shared/contracts';

export interface AccountRow {
  user_id: string;
  status: Account['status'];
  balance: number;
  held: number;
  created_at: Date;
}

export const ACCOUNT_COLUMNS = 'user_id, status, balance, held, created_at';

/** A credit account as the API shows it. */
export const accountView = ({ user_id, status, balance, held, created_at }: AccountRow): Account => ({
  ...{ userId: user_id, status },
  ...{ balanceMicro: balance, heldMicro: held, availableMicro: balance - held },
  createdAt: created_at.toISOString(),
});
