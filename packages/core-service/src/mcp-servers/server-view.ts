import {
  type KeptMcpServer,
  MCP_ERAS,
  type ShownTransport,
  TOOL_STATES,
} from '@smart-ai-hub/shared/contracts';
import { z } from 'zod';
import type { CoreDeps } from '../context.ts';
import { mayAsk } from './may-ask.ts';
import { openSecrets } from './server-secrets.ts';
import { targetIn } from './target.ts';
import { stateOf, type ToolState } from './tool-view.ts';

export interface ServerRow {
  id: string;
  name: string;
  target: unknown;
  secretNames: string[];
  secrets: Uint8Array;
  era: string;
  timeoutMs: number;
  maxResultBytes: number;
  perPerson: boolean;
  active: boolean;
  createdAt: Date;
  updatedAt: Date;
}

const era = z.enum(MCP_ERAS);

/** What is no secret of a server, and not how it is reached. */
export const settingsOf = (row: ServerRow) => ({
  ...{ id: row.id, name: row.name, era: era.parse(row.era), timeoutMs: row.timeoutMs },
  ...{ maxResultBytes: row.maxResultBytes, perPerson: row.perPerson, active: row.active },
});

function transportOf(row: ServerRow): ShownTransport {
  const own = targetIn(row);
  return own.type === 'http'
    ? { ...own, headerNames: row.secretNames }
    : { ...own, envNames: row.secretNames };
}

/** What is read with a server, so that its tools can be counted. */
export const WITH_TOOLS = { tools: { select: { hash: true, approvedHash: true, gone: true } } } as const;

/** A server as the API shows it: of its secrets only their names. */
export function serverView(deps: CoreDeps, row: ServerRow & { tools: readonly ToolState[] }): KeptMcpServer {
  const states = row.tools.map(stateOf);
  const [approved, waiting, changed, gone] = TOOL_STATES.map(
    (state) => states.filter((one) => one === state).length,
  );
  return {
    ...settingsOf(row),
    transport: transportOf(row),
    secretsReadable: openSecrets(deps.sealer, row) !== undefined,
    allowed: mayAsk(deps, targetIn(row)),
    tools: { approved: approved ?? 0, waiting: waiting ?? 0, changed: changed ?? 0, gone: gone ?? 0 },
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}

/** What the audit log remembers of a server: arguments too, which are shown to every administrator. */
export function serverFacts(row: ServerRow) {
  const { id: _, ...settings } = settingsOf(row);
  return { ...settings, ...targetIn(row), secrets: row.secretNames };
}
