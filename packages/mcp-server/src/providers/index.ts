import type { environmentProvidersContract } from '@smart-ai-hub/shared/contracts';
import type { Handlers } from '@smart-ai-hub/shared/service';
import type { McpDeps } from '../context.ts';
import { listEnvironmentProviders } from './list-environment-providers.ts';

export const providerHandlers: Handlers<typeof environmentProvidersContract, McpDeps> = {
  listEnvironmentProviders: (ctx) => listEnvironmentProviders(ctx),
};
