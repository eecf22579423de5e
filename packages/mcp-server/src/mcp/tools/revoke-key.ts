import { keysContract } from '@smart-ai-hub/shared/contracts';
import { z } from 'zod';
import { defineTool } from '../tool.ts';

export const revokeKey = defineTool({
  name: 'revoke_key',
  title: 'Revoke an API key',
  description: 'Ends an API key at once, everywhere. It cannot be brought back.',
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: false },
  permission: keysContract.revokeKey.access,
  input: keysContract.revokeKey.params,
  output: z.object({ revoked: z.literal(true) }),
  call: async ({ auth }, params) => {
    await auth(keysContract).revokeKey({ params });
    return { revoked: true } as const;
  },
});
