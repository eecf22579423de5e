import type { Command, Outcome } from '../commands/command.ts';
import { Failure } from '../failure.ts';
import type { Machine } from './machine.ts';

/** A machine far away that does nothing: it remembers what it was told, and answers as `answer` says. */
export interface ToldMachine extends Machine {
  told: string[];
}

const fine: Outcome = { code: 0, stdout: '', stderr: '' };

/** `answer` is given a command in words; what it does not answer went well. Gone, it breaks off. */
export function toldMachine(
  answer: (words: string) => Partial<Outcome> | 'gone' | undefined = () => undefined,
): ToldMachine {
  const told: string[] = [];
  const all = async (commands: readonly Command[], stops: boolean) => {
    const outcomes: Outcome[] = [];
    for (const command of commands) {
      const words = wordsOf(command);
      told.push(words);
      const said = answer(words);
      if (said === 'gone') throw new Failure('far does not answer');
      outcomes.push({ ...fine, ...said });
      if (stops && outcomes.at(-1)?.code !== 0) break;
    }
    return Promise.resolve(outcomes);
  };
  return {
    name: 'far',
    told,
    read: (commands) => all(commands, false),
    change: (commands) => all(commands, true),
  };
}

/** A command as a person would type it; a script of ours by its first line and its parameters; what is secret is only named. */
export function wordsOf({ argv, stdin, secret }: Command): string {
  const [program, flag, text = '', , ...parameters] = argv;
  const words =
    program === 'sh' && flag === '-c' ? [`{${text.split('\n').slice(-1).join('')}}`, ...parameters] : argv;
  return `${words.join(' ')}${stdin === undefined ? '' : ` <<< ${secret ? 'SECRET' : JSON.stringify(stdin)}`}`;
}
