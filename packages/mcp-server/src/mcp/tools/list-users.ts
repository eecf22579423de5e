import { usersContract } from '@smart-ai-hub/shared/contracts';
import { defineTool, LOOKS } from '../tool.ts';

export const listUsers = defineTool({
  name: 'list_users',
  title: 'People',
  description: 'People within reach, newest first, with their roles and state.',
  annotations: LOOKS,
  permission: usersContract.listUsers.access,
  atLeast: 'team',
  input: usersContract.listUsers.query,
  output: usersContract.listUsers.success.schema,
  call: ({ auth }, query) => auth(usersContract).listUsers({ query }),
});
