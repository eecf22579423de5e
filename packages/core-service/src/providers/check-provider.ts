import { DomainError, type ProviderFormat } from '@smart-ai-hub/shared/contracts';
import { checkEgress } from '@smart-ai-hub/shared/service';
import type { CoreDeps } from '../context.ts';
import { askModels, type Connection } from './ask-models.ts';
import { keysAt } from './provider-keys.ts';

interface Asked {
  format: ProviderFormat;
  baseUrl: string;
  apiKeys?: string[] | undefined;
  /** Whose own keys are shown where none is given. */
  providerId?: string | undefined;
}

/** Asks a provider for its models before it is saved. Rejects as `askModels` does, and with `not-found`. */
export async function checkProvider(
  { database: { prisma }, sealer, localProviders }: CoreDeps,
  { format, baseUrl, apiKeys, providerId: id }: Asked,
): Promise<{ models: string[] }> {
  const kept = id === undefined ? undefined : await prisma.provider.findUnique({ where: { id } });
  if (kept === null) throw new DomainError('not-found');
  const keys = apiKeys ?? (kept ? keysAt(sealer, kept, baseUrl) : []);
  return { models: await askModels({ format, baseUrl, apiKeys: keys }, localProviders) };
}

/** Holds before a save that the provider answers, or that its address may be called at least; rejects as both do. */
export async function requireAnswer(
  { localProviders }: CoreDeps,
  connection: Connection,
  check: boolean,
): Promise<void> {
  if (check) await askModels(connection, localProviders);
  else await checkEgress(connection.baseUrl, { allowed: localProviders });
}
