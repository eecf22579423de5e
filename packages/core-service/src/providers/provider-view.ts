import {
  type KeptProvider,
  OUTPUT_LIMIT_FIELDS,
  PROVIDER_FORMATS,
  providerModel,
} from '@smart-ai-hub/shared/contracts';
import type { Sealer } from '@smart-ai-hub/shared/service';
import { z } from 'zod';
import { openKeys } from './provider-keys.ts';

export interface ProviderRow {
  id: string;
  name: string;
  format: string;
  baseUrl: string;
  apiKeys: Uint8Array[];
  models: unknown;
  outputLimitField: string;
  maxConcurrent: number;
  active: boolean;
  createdAt: Date;
  updatedAt: Date;
}

const kept = z.object({
  format: z.enum(PROVIDER_FORMATS),
  outputLimitField: z.enum(OUTPUT_LIMIT_FIELDS),
  models: z.array(providerModel),
});

/** What is no secret of a provider, as it was given. */
export const settingsOf = (row: ProviderRow) => ({
  ...{ id: row.id, name: row.name, baseUrl: row.baseUrl, ...kept.parse(row) },
  ...{ maxConcurrent: row.maxConcurrent, active: row.active },
});

/** Characters of a key that are shown, and how many it has at least: the rest must not be guessed from them. */
const ENDING = 4;
const LONG = 16;

const endingOf = (key: string) => (key.length >= LONG ? key.slice(-ENDING) : '');

/** A provider as the API shows it: of its keys only how many they are and how they end. */
export function providerView(row: ProviderRow, sealer: Sealer): KeptProvider {
  const keys = openKeys(sealer, row);
  return {
    ...settingsOf(row),
    keyEndings: keys?.map(endingOf) ?? row.apiKeys.map(() => ''),
    keysReadable: keys !== undefined,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}

/** What the audit log remembers of a provider. */
export const providerFacts = (row: ProviderRow) => {
  const { models, id: _, ...settings } = settingsOf(row);
  return { ...settings, models: models.map((model) => model.id), keys: row.apiKeys.length };
};
