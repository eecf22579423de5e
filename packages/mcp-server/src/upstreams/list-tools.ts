import {
  DomainError,
  mcpToolDefinition,
  mcpToolName,
  type SeenTool,
  TOOLS_OF_A_SERVER,
} from '@smart-ai-hub/shared/contracts';
import { hashDefinition } from '@smart-ai-hub/shared/service';
import { z } from 'zod';
import type { Connection } from './connection.ts';

/** Tools of a server with the hashes of their definitions. */
export interface SeenTools {
  tools: (SeenTool & { hash: string })[];
  /** Tools that the hub does not take. */
  leftOut: number;
}

/** Pages that are asked for at most: a server may go on for ever. */
const PAGES = 50;

const page = z.looseObject({ tools: z.array(z.unknown()), nextCursor: z.string().optional() });
const listed = z
  .looseObject({ name: mcpToolName })
  .transform(({ name, ...definition }) => ({ name, definition }))
  .pipe(z.object({ name: mcpToolName, definition: mcpToolDefinition }));

/** All tools of a server; one whose name or definition the hub does not take, or that comes twice, is counted alone. */
export async function listTools({ ask }: Pick<Connection, 'ask'>, signal: AbortSignal): Promise<SeenTools> {
  const found = new Map<string, SeenTool & { hash: string }>();
  let leftOut = 0;
  let cursor: string | undefined;
  for (let pages = 0; pages < PAGES; pages++) {
    const params = cursor === undefined ? {} : { cursor };
    const { data: answer } = page.safeParse(await ask({ method: 'tools/list', params, signal }));
    if (!answer) throw new DomainError('mcp-server-not-understood', { detail: 'it has no list of tools' });
    for (const one of answer.tools) {
      const { data: tool } = listed.safeParse(one);
      if (!tool || found.has(tool.name) || found.size === TOOLS_OF_A_SERVER) leftOut += 1;
      else found.set(tool.name, { ...tool, hash: hashDefinition(tool.definition) });
    }
    cursor = answer.nextCursor;
    if (cursor === undefined) break;
  }
  return { tools: [...found.values()], leftOut };
}
