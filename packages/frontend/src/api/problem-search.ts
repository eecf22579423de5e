import { isProblemCode, type ProblemCode } from '@smart-ai-hub/shared/contracts';

/** What went wrong elsewhere, as the hub says it in the address that it leads on to. */
export interface ProblemSearch {
  problem?: ProblemCode | undefined;
}

/** Always names it: the router keeps of an address what a validator does not answer. */
export const problemSearch = ({ problem }: Record<string, unknown>): ProblemSearch => ({
  problem: isProblemCode(problem) ? problem : undefined,
});
