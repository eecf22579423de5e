import type { askedProvidersContract } from '@smart-ai-hub/shared/contracts';
import type { Handlers } from '@smart-ai-hub/shared/service';
import type { McpDeps } from '../context.ts';
import { listEnvironmentProviders } from './list-environment-providers.ts';
import { listProviderHealth } from './list-provider-health.ts';

export const providerHandlers: Handlers<typeof askedProvidersContract, McpDeps> = {
  listEnvironmentProviders: (ctx) => listEnvironmentProviders(ctx),
  listProviderHealth: (ctx) => listProviderHealth(ctx),
};
