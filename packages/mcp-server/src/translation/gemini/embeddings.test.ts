import { expect, test } from 'vitest';
import { embeddingToGemini, geminiToEmbedding, readEmbeddings } from './embeddings.ts';

const request = (text: string, more: object = {}) => ({
  model: 'models/gemini-embedding-001',
  content: { parts: [{ text }] },
  ...more,
});

test.each([
  [{ input: 'a' }, [request('a')]],
  [{ input: ['a', 'b'], user: 'u', encoding_format: 'base64' }, [request('a'), request('b')]],
  [{ input: 'a', dimensions: 256 }, [request('a', { outputDimensionality: 256 })]],
])('%j is asked for as a batch', (fields, requests) => {
  expect(embeddingToGemini({ model: 'm', ...fields }, 'gemini-embedding-001')).toEqual({
    model: 'gemini-embedding-001',
    requests,
  });
});

test.each([[[1, 2]], [[[1], [2]]]])('the tokens %j are refused', (input) => {
  expect(() => embeddingToGemini({ model: 'm', input }, 'g')).toThrow(
    expect.objectContaining({
      code: 'invalid-request',
      errors: [expect.objectContaining({ path: 'input.0' })],
    }),
  );
});

const facts = { model: 'm', promptTokens: 9, request: {} };
const told = (given: object, encoding?: string): unknown =>
  JSON.parse(geminiToEmbedding(JSON.stringify(given), facts, encoding));
const vectors = { embeddings: [{ values: [0.5, -2] }, { values: [1] }] };

test('vectors come in OpenAI’s shape, with the tokens that the vendor tells, or else ours', () => {
  const usageMetadata = { promptTokenCount: 3 };
  expect(told({ ...vectors, usageMetadata })).toEqual({
    object: 'list',
    data: [
      { object: 'embedding', index: 0, embedding: [0.5, -2] },
      { object: 'embedding', index: 1, embedding: [1] },
    ],
    model: 'm',
    usage: { prompt_tokens: 3, total_tokens: 3 },
  });
  expect(told(vectors)).toMatchObject({ usage: { prompt_tokens: 9, total_tokens: 9 } });
});

test('in base64 they are the bytes of floats', () => {
  // 0.5 is 3f000000, -2 is c0000000, the lowest byte first
  expect(told(vectors, 'base64')).toMatchObject({ data: [{ embedding: 'AAAAPwAAAMA=' }, {}] });
});

test.each([{}, { embeddings: 'none' }, { embeddings: [{ values: ['a'] }] }, { embeddings: [{}] }])(
  '%j is no answer',
  (given) => {
    expect(readEmbeddings(given)).toBeUndefined();
    expect(() => told(given)).toThrow(expect.objectContaining({ code: 'provider-failed' }));
  },
);
