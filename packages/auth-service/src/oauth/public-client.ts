import type { ClientMetadata } from 'oidc-provider';
import { InvalidClientMetadata } from 'oidc-provider/lib/helpers/errors.js';
import { asMetadata, clientMetadata, complaintOf } from './client-metadata.ts';

/** Holds every client, however it became known, to the same rules; what it said beyond them is taken out. */
export function publicClient(metadata: ClientMetadata): void {
  const said = clientMetadata.safeParse(metadata);
  if (!said.success) throw new InvalidClientMetadata(complaintOf(said.error));
  const { client_id: id, client_id_issued_at: issuedAt } = metadata;
  for (const key of Object.keys(metadata)) Reflect.deleteProperty(metadata, key);
  Object.assign(
    metadata,
    asMetadata(id, said.data),
    issuedAt !== undefined && { client_id_issued_at: issuedAt },
  );
}
