import { expect, it } from 'vitest';
import { checkFields } from './check-fields.ts';
import { webhookFields } from './webhook-fields.ts';

const FILLED = { url: ' https://example.com/hook ', events: ['user.created'], description: '' };

it('a webhook has an address, and hears of something', () => {
  expect(webhookFields.parse(FILLED)).toEqual({ ...FILLED, url: 'https://example.com/hook' });
});

it.each([
  [{ url: '' }, { url: { key: 'required' } }],
  [{ url: 'example.com' }, { url: { key: 'invalid' } }],
  [{ url: 'ftp://example.com' }, { url: { key: 'invalid' } }],
  [{ events: [] }, { events: { key: 'invalid' } }],
])('%j is a mistake', (typed, mistakes) => {
  expect(checkFields(webhookFields, { ...FILLED, ...typed })).toEqual({ ok: false, mistakes });
});
