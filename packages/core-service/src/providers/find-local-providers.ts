import { DomainError, type LocalProvider } from '@smart-ai-hub/shared/contracts';
import type { CoreDeps } from '../context.ts';
import { askModels } from './ask-models.ts';

/**
 * What answers in OpenAI's format under `/v1` of the origins that may be local, as Ollama and its like do, and is not
 * kept here yet. Whatever answers otherwise, or not, is not found.
 */
export async function findLocalProviders({
  database: { prisma },
  localProviders,
}: CoreDeps): Promise<{ items: LocalProvider[] }> {
  const kept = new Set(
    (await prisma.provider.findMany({ select: { baseUrl: true } })).map((row) => row.baseUrl),
  );
  const wanted = localProviders.map((entry) => `${new URL(entry).origin}/v1`).filter((url) => !kept.has(url));
  const found = await Promise.all(
    wanted.map(async (baseUrl) => {
      const asked = askModels({ format: 'openai', baseUrl, apiKeys: [] }, localProviders);
      return { baseUrl, models: await asked.catch(noModels) };
    }),
  );
  return { items: found.filter(({ models }) => models.length > 0) };
}

/** Of a server that does not answer well; any other error is thrown. */
function noModels(error: unknown): string[] {
  if (error instanceof DomainError) return [];
  throw error;
}
