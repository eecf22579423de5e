import { keysContract } from '@smart-ai-hub/shared/contracts';
import { z } from 'zod';
import { defineTool, LOOKS } from '../tool.ts';

export const listKeys = defineTool({
  name: 'list_keys',
  title: 'API keys',
  description:
    'The active API keys with their limits and last use; the keys themselves are never shown again.',
  annotations: LOOKS,
  permission: keysContract.listKeys.access,
  input: z.strictObject({}),
  output: keysContract.listKeys.success.schema,
  call: ({ auth }) => auth(keysContract).listKeys(),
});
