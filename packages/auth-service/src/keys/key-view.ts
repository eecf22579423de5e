import { type ApiKey, isPermission, type KeySettings } from '@smart-ai-hub/shared/contracts';

/** The columns of what its owner chooses of a key; an empty list narrows nothing. */
export interface SettingColumns {
  name: string;
  expiresAt: Date | null;
  permissions: string[];
  models: string[];
  tools: string[];
  monthlyLimitMicro: bigint | null;
  requestsPerMinute: number | null;
  tokensPerMinute: number | null;
  cacheAnswers: boolean;
}

interface KeyRow extends SettingColumns {
  id: string;
  prefix: string;
  createdAt: Date;
  lastUsedAt: Date | null;
  rotatedTo: string | null;
}

export const columnsOf = ({
  expiresAt,
  permissions,
  models,
  tools,
  monthlyLimitMicro,
  ...same
}: KeySettings): SettingColumns => ({
  ...same,
  expiresAt: expiresAt === null ? null : new Date(expiresAt),
  permissions: permissions ?? [],
  models: models ?? [],
  tools: tools ?? [],
  monthlyLimitMicro: monthlyLimitMicro === null ? null : BigInt(monthlyLimitMicro),
});

export const settingsOf = ({ permissions, models, tools, ...row }: SettingColumns): KeySettings => ({
  name: row.name,
  expiresAt: row.expiresAt?.toISOString() ?? null,
  permissions: permissions.length > 0 ? permissions.filter(isPermission) : null,
  models: models.length > 0 ? models : null,
  tools: tools.length > 0 ? tools : null,
  monthlyLimitMicro: row.monthlyLimitMicro === null ? null : Number(row.monthlyLimitMicro),
  requestsPerMinute: row.requestsPerMinute,
  tokensPerMinute: row.tokensPerMinute,
  cacheAnswers: row.cacheAnswers,
});

/** A key as the API shows it: never the key. */
export const keyView = (row: KeyRow): ApiKey => ({
  ...settingsOf(row),
  id: row.id,
  prefix: row.prefix,
  createdAt: row.createdAt.toISOString(),
  lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
  rotatedTo: row.rotatedTo,
});
