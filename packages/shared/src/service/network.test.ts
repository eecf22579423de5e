import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { network } from './network.ts';

describe('one network', () => {
  test.each([
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['::FFFF:192.0.2.7', '192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
    ['2001:db8:1:2::9', '2001:db8:1:2'],
    ['2001:0DB8:0001:0002::9', '2001:db8:1:2'],
    ['2001:db8::1', '2001:db8:0:0'],
    ['::1', '0:0:0:0'],
    ['::', '0:0:0:0'],
    ['fe80::1%eth0', 'fe80:0:0:0'],
  ])('of %s is %s', (address, expected) => {
    expect(network(address)).toBe(expected);
  });

  const group = fc.integer({ min: 0, max: 0xffff });
  const text = (groups: number[]) => groups.map((one) => one.toString(16)).join(':');

  test('is the same for every address of a /64, and another for the next /64', () => {
    const half = fc.tuple(group, group, group, group);
    fc.assert(
      fc.property(half, half, half, (prefix, one, other) => {
        expect(network(text([...prefix, ...one]))).toBe(network(text([...prefix, ...other])));
        const [first, second, third, fourth] = prefix;
        const next = [first, second, third, (fourth + 1) % 0x10000];
        expect(network(text([...next, ...one]))).not.toBe(network(text([...prefix, ...one])));
      }),
    );
  });
});
