import { DomainError, type FieldError, type Permission, type Scope } from '@smart-ai-hub/shared/contracts';
import type { z } from 'zod';
import type { CallContext } from '../completions/asked.ts';
import type { Services } from './as-caller.ts';
import type { Tell } from './tell-progress.ts';

/** What a tool knows of its call. */
export type ToolContext = CallContext & Services & { tell: Tell; signal: AbortSignal };

/** Whom a client should ask before it calls (MCP 2026-07-28, tools, annotations). */
interface Annotations {
  readOnlyHint: boolean;
  destructiveHint: boolean;
  idempotentHint: boolean;
  openWorldHint: boolean;
}

interface ToolFrame {
  name: string;
  title: string;
  /** For the model that chooses among tools. */
  description: string;
  annotations: Annotations;
  /** The same that the service behind it asks for. */
  permission: Permission;
  /** For tools that make no sense for oneself alone. */
  atLeast?: Scope;
}

/** A tool as its file says it. */
interface ToolWords<I extends z.ZodObject, O extends z.ZodObject> extends ToolFrame {
  input: I;
  output: O;
  call: (ctx: ToolContext, input: z.output<I>) => Promise<z.output<O>>;
  /** The answer for those who read; its JSON where this is left out. */
  say?: (output: z.output<O>) => string;
}

/** A tool among others: what it takes and gives is known by its schemas alone. */
export interface Tool extends ToolFrame {
  input: z.ZodObject;
  output: z.ZodObject;
  answer: (
    ctx: ToolContext,
    input: unknown,
  ) => Promise<{ structured: Record<string, unknown>; text: string }>;
}

export function defineTool<I extends z.ZodObject, O extends z.ZodObject>({
  call,
  say = JSON.stringify,
  ...tool
}: ToolWords<I, O>): Tool {
  return {
    ...tool,
    answer: async (ctx, input) => {
      const { data, error } = tool.input.safeParse(input);
      if (error) throw new DomainError('invalid-request', { errors: error.issues.map(fieldErrorOf) });
      const structured = await call(ctx, data);
      return { structured, text: say(structured) };
    },
  };
}

const fieldErrorOf = ({ path, message }: z.core.$ZodIssue): FieldError => ({ path: path.join('.'), message });

/** Looks, and changes nothing. */
export const LOOKS: Annotations = {
  readOnlyHint: true,
  destructiveHint: false,
  idempotentHint: true,
  openWorldHint: false,
};

/** Adds something, each time it is called. */
export const ADDS: Annotations = { ...LOOKS, readOnlyHint: false, idempotentHint: false };
