import { isProblemCode, type ProblemCode } from '@smart-ai-hub/shared/contracts';

/** What went wrong elsewhere, as the hub says it in the address that it leads on to. */
export interface ProblemSearch {
  problem?: ProblemCode;
}

export const problemSearch = ({ problem }: Record<string, unknown>): ProblemSearch =>
  isProblemCode(problem) ? { problem } : {};
