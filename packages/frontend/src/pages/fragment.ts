import { type SecondFactorNeeded, secondFactorNeeded } from '@smart-ai-hub/shared/contracts';

/** What follows `#`: a fragment is never sent to a server, nor written to its logs. */
const fieldsOf = (hash: string) => new URLSearchParams(hash.replace(/^#/, ''));

/** The token that a link brings. */
export const tokenIn = (hash: string): string => fieldsOf(hash).get('token') ?? '';

/** The question for the second factor, to whoever comes back from a provider. */
export function questionIn(hash: string): SecondFactorNeeded['secondFactor'] | undefined {
  const fields = fieldsOf(hash);
  const question = { challenge: fields.get('challenge'), methods: fields.getAll('method') };
  return secondFactorNeeded.shape.secondFactor.safeParse(question).data;
}
