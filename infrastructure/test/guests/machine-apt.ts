import { call } from './call.ts';

/** The release that guests are: Debian 12. */
export const RELEASE = 'bookworm';

const SUITES = ['', '-updates', '-security'].map((end) => RELEASE + end);
const FORMAT = '$(ORIGIN) $(REPO_URI) $(RELEASE) $(COMPONENT)';

/** Settings that say how packages are reached: proxies, dates of mirrors that stand still, retries. */
const REACH = /^Acquire::(https?::|Check-|Retries|Force).* ".+";$/;

const targets = () => call('apt-get', ['indextargets', '--format', FORMAT, 'Created-By: Packages']);

function debianIn(listed: string): string[] {
  const rows = listed.split('\n').map((line) => line.split(' '));
  const ours = rows.filter(([origin, , suite = '']) => origin === 'Debian' && SUITES.includes(suite));
  return [...new Set(ours.map(([, uri, suite, component]) => `deb ${uri} ${suite} ${component}`))];
}

/** Where this machine's apt gets Debian 12, as lines of sources.list; none where it gets something else. */
export async function debianSources(): Promise<string[]> {
  const known = debianIn(await targets());
  if (known.length > 0) return known;
  // The origin stands in the lists, and a fresh machine has none.
  await call('apt-get', ['update', '--quiet=2'], { timeoutMs: 120_000 });
  return debianIn(await targets());
}

/** How this machine's apt reaches mirrors, as lines of apt.conf. */
export async function aptSettings(): Promise<string[]> {
  const dump = await call('apt-config', ['dump']);
  return dump.split('\n').filter((line) => REACH.test(line));
}
