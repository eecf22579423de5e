import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createSealer, SealError } from './sealing.ts';
import { Secret } from './secret.ts';

const newKey = () => new Secret(randomBytes(32).toString('base64url'));
const key = newKey();
const sealer = createSealer(key);

test('what was sealed for somebody opens for them, after a restart too', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (text, owner) => {
      expect(createSealer(key).open(sealer.seal(text, owner), owner)).toBe(text);
    }),
  );
});

test('the text is not in it, and the same text looks different each time', () => {
  const sealed = sealer.seal('JBSWY3DPEHPK3PXP', 'totp:1');
  expect(Buffer.from(sealed).includes('JBSWY3DPEHPK3PXP')).toBe(false);
  expect(sealer.seal('JBSWY3DPEHPK3PXP', 'totp:1')).not.toEqual(sealed);
  expect(sealed[0]).toBe(1);
});

test('it opens for no other owner and with no other key', () => {
  const sealed = sealer.seal('text', 'totp:1');
  expect(() => sealer.open(sealed, 'totp:2')).toThrow(SealError);
  expect(() => sealer.open(sealed, '')).toThrow(SealError);
  expect(() => createSealer(newKey()).open(sealed, 'totp:1')).toThrow(SealError);
});

test('no bit of it can be changed, and no byte left out or added', () => {
  const sealed = sealer.seal('text', 'totp:1');
  for (let bit = 0; bit < sealed.length * 8; bit++) {
    const changed = Uint8Array.from(sealed, (byte, at) => (at === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte));
    expect(() => sealer.open(changed, 'totp:1')).toThrow(SealError);
  }
  for (let length = 0; length < sealed.length; length++) {
    expect(() => sealer.open(sealed.subarray(0, length), 'totp:1')).toThrow(SealError);
  }
  expect(() => sealer.open(Uint8Array.of(...sealed, 0), 'totp:1')).toThrow(SealError);
});

test('the error says nothing of what was sealed', () => {
  const error: unknown = (() => {
    try {
      return sealer.open(sealer.seal('text', 'a'), 'b');
    } catch (thrown) {
      return thrown;
    }
  })();
  expect(String(error)).not.toContain('text');
});
