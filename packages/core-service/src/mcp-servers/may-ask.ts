import { DomainError } from '@smart-ai-hub/shared/contracts';
import { checkEgress } from '@smart-ai-hub/shared/service';
import type { CoreDeps } from '../context.ts';
import { isLocal } from '../is-local.ts';
import type { Target } from './target.ts';

type Allowed = Pick<CoreDeps, 'localMcpServers' | 'stdioCommands'>;

/** True for a program, or a way to speak, that the machine's owner allows; names are looked up when it is asked. */
export function mayAsk({ localMcpServers, stdioCommands }: Allowed, target: Target): boolean {
  if (target.type === 'stdio') return stdioCommands.includes(target.command);
  return target.url.startsWith('https:') || isLocal(localMcpServers, target.url);
}

/** Throws `mcp-command-refused`, `egress-refused` and `egress-failed` for what is not to be asked. */
export async function requireMayAsk(ctx: Allowed, target: Target): Promise<void> {
  if (target.type === 'http') await checkEgress(target.url, { allowed: ctx.localMcpServers });
  else if (!mayAsk(ctx, target))
    throw new DomainError('mcp-command-refused', {
      detail: `${target.command} is not in MCP_STDIO_COMMANDS`,
    });
}
