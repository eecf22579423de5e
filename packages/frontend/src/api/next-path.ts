/**
 * Where to go after signing in. Only a path of this page: `//host` and `/\host` are other sites to a
 * browser, and a link to the sign-in page must not lead people to them.
 */
export function nextPath(value: unknown): string | undefined {
  return typeof value === 'string' && /^\/(?![/\\])/.test(value) ? value : undefined;
}
