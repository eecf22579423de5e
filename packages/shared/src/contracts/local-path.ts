const HERE = 'http://here.invalid';

/** Longer than any address of a page of ours. */
const MAX_LENGTH = 2000;

/**
 * Where to go on, as it was given, where that is a path of this site. To a browser `//host` and `/\host` are other
 * sites, so are they after it has taken out line breaks and tabs, or dots; a link must not lead people there.
 */
export function localPath(value: unknown): string | undefined {
  if (typeof value !== 'string' || value.length > MAX_LENGTH) return undefined;
  if (!value.startsWith('/') || /[\\\p{Cc}]/u.test(value) || !URL.canParse(value, HERE)) return undefined;
  const { origin, pathname, search, hash } = new URL(value, HERE);
  return origin === HERE && !pathname.startsWith('//') ? pathname + search + hash : undefined;
}
