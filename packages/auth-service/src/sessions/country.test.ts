import { expect, test } from 'vitest';
import { countryOf } from './country.ts';

test.each([
  ['8.8.8.8', 'US'],
  ['::ffff:8.8.8.8', 'US'],
  ['2001:4860:4860::8888', 'US'],
  ['184.22.1.1', 'TH'],
  ['127.0.0.1', null],
  ['10.1.2.3', null],
  ['::1', null],
  ['fd00::1', null],
  ['no address', null],
])('%s is of %s', async (address, country) => {
  expect(await countryOf(address)).toBe(country);
});
