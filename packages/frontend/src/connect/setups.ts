import { AGENTS } from './agent-setups.ts';
import { MCP } from './mcp-setups.ts';
import { ANTHROPIC, OPENAI } from './sdk-setups.ts';
import type { Setup } from './setup.ts';

export const FAMILIES = ['openai', 'anthropic', 'agents', 'mcp'] as const;
export type Family = (typeof FAMILIES)[number];

/** Every set-up that the page prints; test/whole runs those that can run. */
export const SETUPS: Readonly<Record<Family, readonly Setup[]>> = {
  openai: OPENAI,
  anthropic: ANTHROPIC,
  agents: AGENTS,
  mcp: MCP,
};

/** Stands where the key belongs while none is known. */
export const NO_KEY = 'sk-hub-PUT-YOUR-KEY-HERE';
