import type { Entry, Outcome } from '../audit/chain.ts';
import { operatorMachine, operatorName, record } from '../audit/record.ts';
import { Failure } from '../failure.ts';
import type { VerbName } from './usage.ts';
import type { ExitCode, Typed } from './typed.ts';

/** Verbs that change something: their begin is written down too, so that one that was cut off is seen. */
const CHANGING: ReadonlySet<string> = new Set<VerbName>([
  ...(['init', 'apply', 'cert renew'] as const),
  ...(['secrets key', 'secrets set', 'secrets edit', 'secrets rotate'] as const),
]);

const OUTCOMES: Record<ExitCode, Outcome> = { 0: 'done', 1: 'failed', 2: 'differs' };

/** Does an action and writes down who did what and how it came out; nothing is done that cannot be written down. */
export async function journaled(
  verb: VerbName,
  { environment, name, facts }: Pick<Typed, 'environment' | 'name' | 'facts'>,
  file: string | undefined,
  action: () => Promise<ExitCode>,
): Promise<ExitCode> {
  if (file === undefined || verb === 'audit verify') return action();
  const write = (outcome: Outcome, says?: string) => {
    const known = { ...(environment !== undefined && { environment }), ...(name !== undefined && { name }) };
    const entry: Entry = {
      ...{ at: new Date().toISOString(), who: operatorName(), verb },
      ...{ facts: { ...known, ...Object.fromEntries(facts) }, outcome, says },
    };
    return record(operatorMachine(), file, entry);
  };
  if (CHANGING.has(verb)) await write('began');
  try {
    const code = await action();
    await write(OUTCOMES[code]);
    return code;
  } catch (error) {
    const says = error instanceof Failure ? error.message : 'a mistake of hubctl’s own';
    // What went wrong first is what is said; an action without an end shows in the log.
    await write('failed', says).catch(() => undefined);
    throw error;
  }
}
