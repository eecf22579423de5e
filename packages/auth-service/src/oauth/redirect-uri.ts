const LOOPBACK: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);

/** Schemes that a browser or system acts on by itself; an app's own are everything else (RFC 8252, 7.1). */
const TAKEN =
  /^(about|blob|data|file|filesystem|ftp|intent|jar|javascript|mailto|sms|tel|urn|vbscript|view-source|ws|wss):$/;

/** No spaces, controls or backslashes, which parsers read differently; no letters that only look like others. */
const PLAIN = /^[!-[\]-~]{1,512}$/;

/** How an address to come back to is reached, and what people may know it by. */
export interface Destination {
  kind: 'website' | 'computer' | 'app';
  name: string;
}

/**
 * Where this redirect URI leads; nothing for one that no client may have: only https, http on the person's own
 * computer, and schemes of apps, without user names and fragments (RFC 9700, 2.1 and RFC 8252, 7).
 */
export function destinationOf(uri: string): Destination | undefined {
  const url = unambiguous(uri);
  if (!url) return undefined;
  const isLoopback = LOOPBACK.has(url.hostname);
  switch (url.protocol) {
    case 'https:':
      return isLoopback ? undefined : { kind: 'website', name: url.host };
    case 'http:':
      return isLoopback ? { kind: 'computer', name: url.hostname } : undefined;
    default:
      return TAKEN.test(url.protocol) ? undefined : { kind: 'app', name: url.protocol.slice(0, -1) };
  }
}

/** What every parser reads alike. */
function unambiguous(uri: string): URL | undefined {
  if (!PLAIN.test(uri) || uri.includes('#') || !URL.canParse(uri)) return undefined;
  const [, scheme = '', authority] = /^([a-z][a-z\d+.-]*:)(?:\/\/([^/?]*))?/.exec(uri) ?? [];
  const url = new URL(uri);
  if (url.protocol !== scheme || authority?.includes('@') === true) return undefined;
  return /^https?:$/.test(scheme) && !authority ? undefined : url;
}
