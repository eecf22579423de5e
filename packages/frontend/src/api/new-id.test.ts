import { id } from '@smart-ai-hub/shared/contracts';
import { expect, it } from 'vitest';
import { newId } from './new-id.ts';

it('is a UUID as the contract wants it, and another one each time', () => {
  const made = Array.from({ length: 200 }, newId);
  expect(made.map((one) => id.parse(one))).toEqual(made);
  expect(made.every((one) => /^[^-]+-[^-]+-4[^-]+-[89ab]/.test(one))).toBe(true);
  expect(new Set(made).size).toBe(made.length);
});
