import type { ProviderHealth } from '@smart-ai-hub/shared/contracts';
import type { McpDeps } from '../context.ts';

/** How every provider answers, in the order in which they are asked, as this process has seen it. */
export function listProviderHealth({ vendors }: McpDeps): Promise<{ items: ProviderHealth[] }> {
  return Promise.resolve({ items: vendors().map((vendor) => vendor.health()) });
}
