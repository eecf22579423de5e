import { CREDENTIAL_PROTOCOL } from '@smart-ai-hub/shared/contracts';

/** The sub-protocols that a handshake offers (RFC 6455, 11.3.4). */
const offered = (header: string | undefined): string[] =>
  header?.split(',').map((protocol) => protocol.trim()) ?? [];

const isCredential = (protocol: string) => protocol.startsWith(CREDENTIAL_PROTOCOL);

/** Credentials among them. */
export const shownIn = (header: string | undefined): string[] =>
  offered(header)
    .filter(isCredential)
    .map((protocol) => protocol.slice(CREDENTIAL_PROTOCOL.length));

/** The others, for the service; it never sees a credential, and so cannot agree to one. */
export const withoutCredentials = (header: string | undefined): string | undefined =>
  offered(header)
    .filter((protocol) => protocol !== '' && !isCredential(protocol))
    .join(', ') || undefined;
