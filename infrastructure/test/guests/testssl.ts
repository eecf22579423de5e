import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import type { Authority } from './authority.ts';
import { attempt } from './call.ts';
import { DOMAIN } from './dns.ts';

const finding = z.object({ id: z.string(), severity: z.string(), finding: z.string() });

const ABOVE_LOW = new Set(['MEDIUM', 'HIGH', 'CRITICAL', 'FATAL']);

/** What the test authority lacks and public ones have: a way to say that a certificate was taken back. */
const OF_THE_AUTHORITY = new Set(['cert_revocation']);

/** What testssl.sh has against a server, above LOW, a line a finding. */
export async function judgeTls(
  address: string,
  { chain }: Pick<Authority, 'chain'>,
): Promise<{ findings: string[]; seconds: number }> {
  const folder = await mkdtemp(join(tmpdir(), 'hub-testssl-'));
  const [report, roots] = [join(folder, 'report.json'), join(folder, 'roots.pem')];
  await writeFile(roots, chain.root.toString());
  const program = existsSync('/usr/bin/testssl') ? 'testssl' : 'testssl.sh';
  const start = performance.now();
  try {
    await attempt(
      program,
      [
        ...['--quiet', '--color', '0', '--warnings', 'off', '--nodns', 'none', '--jsonfile', report],
        ...['--add-ca', roots, '--ip', address, `https://${DOMAIN}/`],
      ],
      { timeoutMs: 380_000 },
    );
    const found = z.array(finding).parse(JSON.parse(await readFile(report, 'utf8')));
    if (found.length < 50) throw new Error(`testssl.sh looked at ${found.length} things only`);
    const bad = found.filter(({ id, severity }) => ABOVE_LOW.has(severity) && !OF_THE_AUTHORITY.has(id));
    return {
      findings: bad.map(({ id, severity, finding: says }) => `${severity} ${id}: ${says}`),
      seconds: (performance.now() - start) / 1000,
    };
  } finally {
    await rm(folder, { recursive: true });
  }
}
