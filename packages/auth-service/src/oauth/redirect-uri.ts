const LOOPBACK: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);

/** Schemes that a browser or system acts on by itself; an app's own are everything else (RFC 8252, 7.1). */
const TAKEN =
  /^(about|blob|data|file|filesystem|ftp|intent|jar|javascript|mailto|sms|tel|urn|vbscript|view-source|ws|wss)$/;

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
  const url = PLAIN.test(uri) && !uri.includes('#') && URL.canParse(uri) ? new URL(uri) : undefined;
  if (!url || url.username !== '' || url.password !== '' || authorityOf(uri).includes('@')) return undefined;
  const scheme = url.protocol.slice(0, -1);
  if (scheme === 'https') return LOOPBACK.has(url.hostname) ? undefined : { kind: 'website', name: url.host };
  if (scheme === 'http')
    return LOOPBACK.has(url.hostname) ? { kind: 'computer', name: url.hostname } : undefined;
  return TAKEN.test(scheme) ? undefined : { kind: 'app', name: scheme };
}

const authorityOf = (uri: string) => /^[^:]+:\/\/([^/?]*)/.exec(uri)?.[1] ?? '';
