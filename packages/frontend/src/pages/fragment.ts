/** The token after `#token=`: a fragment is never sent to a server, nor written to its logs. */
export function fragmentTokenOf(hash: string): string {
  return new URLSearchParams(hash.replace(/^#/, '')).get('token') ?? '';
}
