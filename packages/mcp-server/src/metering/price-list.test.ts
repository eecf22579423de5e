import { createClient, internalContract } from '@smart-ai-hub/shared/contracts';
import { expect, test } from 'vitest';
import { PRICE } from '../mcp.fixture.ts';
import { openPriceList } from './price-list.ts';

function listed() {
  let now = 0;
  let asked = 0;
  let away = false;
  let prices = [PRICE];
  const transport = () => {
    asked += 1;
    return away
      ? Promise.reject(new Error('away'))
      : Promise.resolve({ status: 200, body: { items: prices } });
  };
  return {
    priceOf: openPriceList(createClient(internalContract, transport), () => now),
    advance: (ms: number) => {
      now += ms;
    },
    asked: () => asked,
    setAway: (value: boolean) => {
      away = value;
    },
    setPrice: (inputMicroPerMillion: number) => {
      prices = [{ ...PRICE, inputMicroPerMillion }];
    },
  };
}

test('prices are asked for once and believed for half a minute, also by many at once', async () => {
  const { priceOf, asked, advance } = listed();
  const found = await Promise.all([priceOf('a'), priceOf('b'), priceOf('c')]);
  expect(found).toEqual([PRICE, PRICE, PRICE]);
  advance(29_000);
  await priceOf('a');
  expect(asked()).toBe(1);
});

test('a new price holds after half a minute, without keeping a request waiting', async () => {
  const { priceOf, advance, setPrice } = listed();
  await priceOf('a');
  setPrice(5);
  advance(31_000);
  await priceOf('a');
  await expect.poll(async () => (await priceOf('a'))?.inputMicroPerMillion).toBe(5);
});

test('while core-service is away the last known prices serve; with none known the call fails', async () => {
  const { priceOf, advance, setAway } = listed();
  setAway(true);
  await expect(priceOf('a')).rejects.toThrow('away');
  setAway(false);
  await priceOf('a');
  setAway(true);
  advance(3_600_000);
  expect(await priceOf('a')).toEqual(PRICE);
});
