import { DomainError } from '@smart-ai-hub/shared/contracts';

/** Rejects with `forbidden` for a page that is not one of ours; programs say no origin. */
export type RequireKnownOrigin = (origin: string | undefined) => void;

/**
 * The hub's own pages and those that may call across origins. A page elsewhere can reach a hub on its visitor's machine
 * by a name of its own (DNS rebinding; MCP 2026-07-28, transports, security).
 */
export function createOriginCheck(publicUrl: string, corsOrigins: readonly string[]): RequireKnownOrigin {
  const known = new Set([new URL(publicUrl).origin, ...corsOrigins]);
  return (origin) => {
    if (origin !== undefined && !known.has(origin))
      throw new DomainError('forbidden', { detail: 'pages of this origin may not call this address' });
  };
}
