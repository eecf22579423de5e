import { freshDatabase } from '@smart-ai-hub/shared/testing';
import { expect, inject, test } from 'vitest';

test('clone', async () => {
  const t = performance.now();
  await using db = await freshDatabase(inject('postgres'));
  console.log(performance.now() - t);
  expect(db.name).toMatch(/test/);
});
