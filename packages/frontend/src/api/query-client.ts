import { QueryClient } from '@tanstack/react-query';
import { DomainError } from '@smart-ai-hub/shared/contracts';
import { HubUnreachable } from './hub-error.ts';

const RETRIES = 2;

/** Repeats what may pass by itself; a refusal is shown at once. */
export function isWorthRepeating(failures: number, error: Error): boolean {
  const passing =
    error instanceof HubUnreachable || (error instanceof DomainError && error.code === 'service-unavailable');
  return passing && failures < RETRIES;
}

export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: { retry: isWorthRepeating, staleTime: 10_000 },
      mutations: { retry: false },
    },
  });
}
