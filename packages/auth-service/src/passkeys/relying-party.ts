/** What passkeys are bound to (WebAuthn Level 3, 5.1.2 and 7.1): a domain, and the origin of our pages. */
export interface RelyingParty {
  id: string;
  name: string;
  origin: string;
}

/**
 * From the address that people open. Browsers bind passkeys to names alone: for a hub on this machine's own
 * address that is `localhost`; at any other bare address they offer none.
 */
export function relyingPartyOf(publicUrl: string): RelyingParty {
  const url = new URL(publicUrl);
  if (/^(127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname)) url.hostname = 'localhost';
  return { id: url.hostname, name: 'Smart AI Hub', origin: url.origin };
}
