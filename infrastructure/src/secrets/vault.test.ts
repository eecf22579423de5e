import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { Failure } from '../failure.ts';
import { makeIdentity } from './identities.ts';
import { newVault, openVault, type Place, saveVault, withText } from './vault.ts';

const folder = mkdtempSync(join(tmpdir(), 'hub-vault-'));
afterAll(() => rmSync(folder, { recursive: true }));

const place = (file: string): Place => ({ file: join(folder, file), identityFile: join(folder, 'keys.txt') });
const NOW = new Date('2026-01-02T03:04:05.678Z');

/** All that a vault says, values included. */
async function meaning(of: Place): Promise<string> {
  const { values, readers, changed } = await openVault(of);
  const shown = [...values].map(([name, value]) => [name, value.reveal()]);
  return JSON.stringify([shown, readers, [...changed]]);
}

test('any change of a single character is refused, or means the same', async () => {
  const whole = place('whole.yaml');
  const readers = [
    { name: 'ann', recipient: await makeIdentity(whole.identityFile) },
    { name: 'bob', recipient: await makeIdentity(join(folder, 'bob.txt')) },
  ];
  const text =
    '# about the first\nfirst: one\nsecond: |\n    two\n    lines\n# about the third\nthird: "3"\n';
  await saveVault(withText(await newVault(whole, readers), text, NOW), NOW);
  const before = await meaning(whole);
  const sealed = readFileSync(whole.file, 'utf8');
  // Envelopes are age's own matter, and most of the file.
  const places = [...sealed.matchAll(/^(?! {14}).*\n/gm)].flatMap(({ index, 0: { length } }) =>
    Array.from({ length }, (_, offset) => index + offset),
  );
  const changed = place('changed.yaml');
  let refused = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...places),
      fc.constantFrom('a', 'Z', '9', '=', ':', ' ', '_', '-', '\n', '#'),
      async (at, by) => {
        writeFileSync(changed.file, sealed.slice(0, at) + by + sealed.slice(at + 1));
        const after = await meaning(changed).catch((error: unknown) => {
          if (!(error instanceof Failure)) throw error;
          return undefined;
        });
        if (after === undefined) refused += 1;
        else expect(after).toBe(before);
      },
    ),
    { numRuns: 120 },
  );
  expect(refused).toBeGreaterThan(30);
});
