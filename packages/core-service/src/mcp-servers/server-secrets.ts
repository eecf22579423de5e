import { DomainError, isSameTarget, type McpSecret, type McpTransport } from '@smart-ai-hub/shared/contracts';
import { type Sealer, SealError } from '@smart-ai-hub/shared/service';
import { z } from 'zod';
import type { Target } from './target.ts';

const secretsIn = z.array(z.object({ name: z.string(), value: z.string() }));

interface Sealed {
  id: string;
  secrets: Uint8Array;
}

/** Headers or variables as they are stored: together, bound to the server that they belong to. */
export const sealSecrets = (sealer: Sealer, id: string, secrets: readonly McpSecret[]) => ({
  secretNames: secrets.map(({ name }) => name),
  secrets: sealer.seal(JSON.stringify(secrets), id),
});

/** A server's secrets; nothing where they were sealed with another SEALING_KEY. */
export function openSecrets(sealer: Sealer, { id, secrets }: Sealed): McpSecret[] | undefined {
  try {
    return secretsIn.parse(JSON.parse(sealer.open(secrets, id)));
  } catch (error) {
    if (error instanceof SealError) return undefined;
    throw error;
  }
}

/** Those that come with a transport; nothing where it names none. */
export const secretsOf = (transport: McpTransport): readonly McpSecret[] | undefined =>
  transport.type === 'http' ? transport.headers : transport.env;

/** Throws where secrets that nobody may read would be told to another target than they were given for. */
export function requireSameTarget(before: Target, names: readonly string[], after: Target): void {
  if (names.length === 0 || isSameTarget(before, after)) return;
  const message = 'another target takes its secrets anew';
  const path = `transport.${after.type === 'http' ? 'headers' : 'env'}`;
  throw new DomainError('invalid-request', { detail: message, errors: [{ path, message }] });
}
