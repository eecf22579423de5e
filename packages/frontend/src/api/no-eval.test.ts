import { expect, it } from 'vitest';
import { config } from 'zod';
import './no-eval.ts';

it('lesson 13: keeps zod from compiling code, which the content security policy forbids', () => {
  expect(config().jitless).toBe(true);
});
