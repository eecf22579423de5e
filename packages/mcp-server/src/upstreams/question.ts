import type { RequestOptions } from '@modelcontextprotocol/client';

/** Asks whoever made a call something back, in the middle of it. Rejects with their own refusal. */
export type AskBack = (
  question: { method: string; params: Record<string, unknown> },
  signal: AbortSignal,
) => Promise<Answer>;

/** What is asked of a server. */
export interface Question {
  method: string;
  params: Record<string, unknown>;
  /** Beside the message, over HTTP. */
  headers?: Record<string, string>;
  /** Of whoever asks. */
  signal: AbortSignal;
  /** Hears that the server is asked from now on. */
  onBegun?: () => void;
  /** Hears how far it is, where somebody wants to know. */
  onProgress?: RequestOptions['onprogress'];
  /** Hears what it logs meanwhile. */
  onLog?: (params: Record<string, unknown>) => void;
  /** Answers what it asks back meanwhile, as servers of 2025 do. */
  onAsked?: AskBack;
}

/** An answer as it came: whatever stands in it. */
export type Answer = Record<string, unknown>;
