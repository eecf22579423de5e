import type { Tool } from './tool.ts';
import { chat } from './tools/chat.ts';
import { createKey } from './tools/create-key.ts';
import { createPromo } from './tools/create-promo.ts';
import { getBalance } from './tools/get-balance.ts';
import { getUsage } from './tools/get-usage.ts';
import { listKeys } from './tools/list-keys.ts';
import { listModels } from './tools/list-models.ts';
import { listPromos } from './tools/list-promos.ts';
import { listTransactions } from './tools/list-transactions.ts';
import { listUsers } from './tools/list-users.ts';
import { redeemCode } from './tools/redeem-code.ts';
import { revokeKey } from './tools/revoke-key.ts';

/** The hub's own tools, as they are listed. */
export const OWN_TOOLS: readonly Tool[] = [
  listModels,
  chat,
  getBalance,
  listTransactions,
  getUsage,
  redeemCode,
  listKeys,
  createKey,
  revokeKey,
  listUsers,
  listPromos,
  createPromo,
];
