import { keySettings } from '@smart-ai-hub/shared/contracts';
import { expect, it } from 'vitest';
import { changesOf } from './changes-of.ts';

it('are what is not so yet', () => {
  const key = { name: 'laptop', models: ['gpt-4*'], tools: null, monthlyLimitMicro: 5_000_000 };
  const changes = (settings: object) =>
    changesOf(keySettings.partial(), { ...key, id: 'not a setting', expiresAt: null }, settings);
  expect(changes({ ...key, models: ['gpt-4*'] })).toEqual({});
  expect(changes({ ...key, models: null, requestsPerMinute: 3, expiresAt: null })).toEqual({
    models: null,
    requestsPerMinute: 3,
  });
});
