import { keysContract } from '@smart-ai-hub/shared/contracts';
import { ADDS, defineTool } from '../tool.ts';

export const createKey = defineTool({
  name: 'create_key',
  title: 'Make an API key',
  description:
    'Makes an API key. The answer holds the key, a secret, this one time: show it to nobody but the person.',
  annotations: ADDS,
  permission: keysContract.createKey.access,
  input: keysContract.createKey.body,
  output: keysContract.createKey.success.schema,
  call: ({ auth }, body) => auth(keysContract).createKey({ body }),
});
