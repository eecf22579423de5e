import type { Plan, Step } from '../resources/plan.ts';
import { type Colour, harmless, paint, type Terminal } from './terminal.ts';

const SIGN_COLOURS: Record<'+' | '-' | '~', Colour> = { '+': 'green', '-': 'red', '~': 'yellow' };

export const changes = (count: number): string => `${count} ${count === 1 ? 'change' : 'changes'}`;

/** A plan as a person reads it. */
export function planText({ host, steps, notes, hash }: Plan, terminal: Pick<Terminal, 'colours'>): string {
  const noted = notes
    .map((note) => `${paint(terminal, 'yellow', '!')} ${host}: ${harmless(note)}\n`)
    .join('');
  if (steps.length === 0) return `${paint(terminal, 'green', '✓')} ${host}: nothing to do\n${noted}`;
  const head = paint(terminal, 'bold', `${host}: ${changes(steps.length)}, plan ${hash}`);
  return `${head}\n\n${steps.map((step) => stepText(step, terminal)).join('\n')}${noted}`;
}

function stepText({ resource, change }: Step, terminal: Pick<Terminal, 'colours'>): string {
  const warning = change.destroys ? paint(terminal, 'red', ', destroys data') : '';
  const lines = change.lines.map(({ sign, text }) =>
    paint(terminal, SIGN_COLOURS[sign], `    ${sign} ${harmless(text)}`),
  );
  return `  ${resource.id} ${paint(terminal, 'dim', `(${resource.class})`)}${warning}\n${lines.join('\n')}\n`;
}

/** The same for programs. */
export const planJson = ({ host, steps, notes, hash }: Plan) => ({
  ...{ host, hash, notes },
  changes: steps.map(({ resource, change }) => ({
    id: resource.id,
    class: resource.class,
    destroys: change.destroys ?? false,
    lines: change.lines,
  })),
});
