import { fakeProvider } from '@smart-ai-hub/shared/testing';
import OpenAI from 'openai';
import { expect, inject, test } from 'vitest';
import { signUp } from './person.ts';
import { startPlatform } from './platform.ts';

test('from sign-up to a streamed, paid and visible answer with the official client', async () => {
  await using vendor = await fakeProvider();
  const providers = [{ name: 'vendor', baseUrl: vendor.url, apiKey: 'vendor-key', models: ['gpt-4o-mini'] }];
  await using platform = await startPlatform(inject('postgres'), { PROVIDERS: JSON.stringify(providers) });
  const person = await signUp(platform.url);
  expect(await person.get('/api/v1/credits/balance')).toMatchObject({
    balanceMicro: 1_000_000,
    heldMicro: 0,
  });

  const client = new OpenAI({ baseURL: `${platform.url}/v1`, apiKey: await person.makeKey() });
  const stream = await client.chat.completions.create({
    model: 'gpt-4o-mini',
    messages: [{ role: 'user', content: 'Say hello.' }],
    max_completion_tokens: 50,
    stream: true,
  });
  let text = '';
  for await (const part of stream) text += part.choices[0]?.delta.content ?? '';

  expect(text).toBe('Hello from the vendor.');
  await expect
    .poll(() => person.get('/api/v1/credits/balance'))
    .toEqual({
      balanceMicro: 880_000,
      heldMicro: 0,
      availableMicro: 880_000,
    });
  const { items } = await person.get('/api/v1/usage/logs');
  expect(items).toMatchObject([
    { promptTokens: 100, completionTokens: 20, creditsMicro: 120_000, tokenSource: 'reported' },
  ]);
  expect(vendor.asked[0]?.headers.authorization).toBe('Bearer vendor-key');
});
