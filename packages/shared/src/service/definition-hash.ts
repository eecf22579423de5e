import { createHash } from 'node:crypto';
import { canonicalJson, type McpToolDefinition } from '../contracts/index.ts';

/** SHA-256 of a tool's definition, in hex: the same for the same words, in whatever order its members came. */
export const hashDefinition = (definition: McpToolDefinition): string =>
  createHash('sha256').update(canonicalJson(definition)).digest('hex');
