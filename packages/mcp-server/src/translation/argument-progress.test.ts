import fc from 'fast-check';
import { expect, test } from 'vitest';
import { follow, noArguments } from './argument-progress.ts';

const followed = (parts: string[]) => {
  const progress = noArguments();
  for (const part of parts) follow(progress, part);
  return progress;
};

test.each([
  [[''], true, false],
  [[' ', '\n'], true, false],
  [['{'], false, false],
  [['{', '}'], false, true],
  [['{"a":"}'], false, false],
  [['{"a":"\\', '"}"'], false, false],
  [['{"a":"\\"', '"}'], false, true],
  [['{"a":[{}]', '} '], false, true],
  [['nonsense'], false, false],
])('of %j blank is %s and complete %s', (parts, blank, complete) => {
  expect(followed(parts)).toMatchObject({ blank, complete });
});

test('an object is complete at its last character and not before, wherever it is cut', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.nat(), (input, cut) => {
      const text = JSON.stringify(input);
      const at = cut % text.length;
      expect(followed([text.slice(0, at)]).complete).toBe(false);
      expect(followed([text.slice(0, at), text.slice(at)]).complete).toBe(true);
    }),
  );
});
