import { DomainError } from '@smart-ai-hub/shared/contracts';
import { type Sealer, SealError } from '@smart-ai-hub/shared/service';

interface Sealed {
  id: string;
  baseUrl: string;
  apiKeys: readonly Uint8Array[];
}

/** Keys as they are stored: each bound to the provider that it belongs to. */
export const sealKeys = (sealer: Sealer, id: string, keys: readonly string[]): Uint8Array<ArrayBuffer>[] =>
  keys.map((key) => sealer.seal(key, id));

/** A provider's keys; nothing where they were sealed with another SEALING_KEY. */
export function openKeys(sealer: Sealer, { id, apiKeys }: Omit<Sealed, 'baseUrl'>): string[] | undefined {
  try {
    return apiKeys.map((sealed) => sealer.open(sealed, id));
  } catch (error) {
    if (error instanceof SealError) return undefined;
    throw error;
  }
}

const giveAnew = (message: string) =>
  new DomainError('invalid-request', { detail: message, errors: [{ path: 'apiKeys', message }] });

/** Throws where keys that nobody may read would be sent to another address than they were given for. */
export function requireSameAddress({ baseUrl, apiKeys }: Sealed, url: string): void {
  if (apiKeys.length > 0 && url !== baseUrl) throw giveAnew('another address takes its keys anew');
}

/** A provider's own keys, to be shown at this address; throws where that is another one, or they do not open. */
export function keysAt(sealer: Sealer, row: Sealed, url: string): string[] {
  requireSameAddress(row, url);
  const keys = openKeys(sealer, row);
  if (keys) return keys;
  throw giveAnew('its keys were sealed with another SEALING_KEY, and are given anew');
}
