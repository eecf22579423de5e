import { describe, expect, it } from 'vitest';
import { checkFields } from './check-fields.ts';
import { modelOf, modelRow, providerFields, toggled } from './provider-fields.ts';

const TYPED = {
  ...{ name: ' vendor ', format: 'openai', baseUrl: ' https://vendor.example/v1/ ', apiKeys: '' },
  ...{ models: [{ id: 'm' }], outputLimitField: 'max_tokens', maxConcurrent: '8' },
};

describe('a provider', () => {
  it('is what was typed, without what blanks stand around it', () => {
    expect(providerFields.parse({ ...TYPED, apiKeys: ' one\ntwo ', unchecked: 'on' })).toEqual({
      ...{ name: 'vendor', format: 'openai', baseUrl: 'https://vendor.example/v1', apiKeys: ['one', 'two'] },
      ...{ models: [{ id: 'm' }], outputLimitField: 'max_tokens', maxConcurrent: 8, unchecked: 'on' },
    });
    expect(providerFields.parse(TYPED).apiKeys).toBeUndefined();
  });

  it.each([
    [{ name: '' }, { name: { key: 'required' } }],
    [{ name: 'two words' }, { name: { key: 'invalid' } }],
    [{ baseUrl: '' }, { baseUrl: { key: 'required' } }],
    [{ baseUrl: 'vendor' }, { baseUrl: { key: 'invalid' } }],
    [{ baseUrl: 'https://key@vendor.example' }, { baseUrl: { key: 'invalid' } }],
    [{ apiKeys: 'ก' }, { apiKeys: { key: 'invalid' } }],
    [{ models: [] }, { models: { key: 'invalid' } }],
    [{ maxConcurrent: '' }, { maxConcurrent: { key: 'invalid' } }],
    [{ maxConcurrent: '0' }, { maxConcurrent: { key: 'invalid' } }],
  ])('%j is a mistake', (typed, mistakes) => {
    expect(checkFields(providerFields, { ...TYPED, ...typed })).toEqual({ ok: false, mistakes });
  });
});

describe('a model', () => {
  const model = {
    ...{ id: 'm', upstreamId: 'u', maxOutputTokens: 1, contextTokens: 2, openToGuests: true },
    capabilities: { vision: true, tools: false },
  };

  it('is typed and read back as it was', () => {
    expect(modelOf(modelRow('1', model))).toEqual(model);
    expect(modelOf(modelRow('1', { id: 'm' }))).toEqual({ id: 'm' });
  });

  it('with half a number, or letters in place of one, is a mistake', () => {
    for (const maxOutputTokens of ['1.5', 'x', '0']) {
      const models = [modelOf({ ...modelRow('1', model), maxOutputTokens })];
      expect(checkFields(providerFields, { ...TYPED, models }).ok).toBe(false);
    }
  });

  it('can do what is ticked; of what is not, nothing is said', () => {
    expect(toggled({ capabilities: {} }, 'vision')).toEqual({ vision: true });
    expect(toggled({ capabilities: { vision: true, tools: false } }, 'vision')).toEqual({ tools: false });
    expect(toggled({ capabilities: { tools: false } }, 'tools')).toEqual({ tools: true });
  });
});
