import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isScramOf, scramVerifier } from './scram.ts';
import { Secret } from './secret.ts';

/** RFC 7677, section 3: user, password and salt of its example exchange, and what a server keeps of it. */
const RFC = {
  password: new Secret('pencil'),
  salt: Buffer.from('W22ZaJ0SNY7soEsUEjb6gQ==', 'base64'),
  verifier:
    'SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=',
};

describe('what PostgreSQL keeps of a password', () => {
  test('is what the standard says', () => {
    expect(scramVerifier(RFC.password, RFC.salt)).toBe(RFC.verifier);
  });

  test('is known again, whatever its salt; another password, another verifier and none at all are not', () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^[\w-]{1,40}$/),
        fc.uint8Array({ minLength: 8, maxLength: 24 }),
        (text, salt) => {
          const verifier = scramVerifier(new Secret(text), Buffer.from(salt), 10);
          expect(isScramOf(new Secret(text), verifier)).toBe(true);
          expect(isScramOf(new Secret(`${text}x`), verifier)).toBe(false);
        },
      ),
      { numRuns: 20 },
    );
    expect([isScramOf(RFC.password, ''), isScramOf(RFC.password, 'md5abc')]).toEqual([false, false]);
    expect(scramVerifier(RFC.password)).not.toBe(scramVerifier(RFC.password));
  });
});
