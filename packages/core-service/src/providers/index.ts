import type { providersContract } from '@smart-ai-hub/shared/contracts';
import type { Handlers } from '@smart-ai-hub/shared/service';
import type { CoreDeps } from '../context.ts';
import { checkProvider } from './check-provider.ts';
import { createProvider } from './create-provider.ts';
import { deleteProvider } from './delete-provider.ts';
import { findLocalProviders } from './find-local-providers.ts';
import { listProviders } from './list-providers.ts';
import { reorderProviders } from './reorder-providers.ts';
import { updateProvider } from './update-provider.ts';

export const providerHandlers: Handlers<typeof providersContract, CoreDeps> = {
  listProviders: (ctx) => listProviders(ctx),
  createProvider: (ctx, { body }) => createProvider(ctx, body),
  updateProvider: (ctx, { params, body }) => updateProvider(ctx, params.providerId, body),
  deleteProvider: (ctx, { params }) => deleteProvider(ctx, params.providerId),
  reorderProviders: (ctx, { body }) => reorderProviders(ctx, body),
  checkProvider: (ctx, { body }) => checkProvider(ctx, body),
  findLocalProviders: (ctx) => findLocalProviders(ctx),
};
