import type { Plan } from '../resources/plan.ts';
import { secretsOf, targetOf, withPlan } from './session.ts';
import { planJson, planText } from './show.ts';
import type { Terminal } from './terminal.ts';
import type { ExitCode, Typed } from './typed.ts';

/** Shows what would be changed on each host, and changes nothing. */
export async function plan(typed: Typed, terminal: Terminal): Promise<ExitCode> {
  const plans = await plansOf(typed, terminal);
  if (typed.json) terminal.out(`${JSON.stringify({ plans: plans.map(planJson) }, undefined, 2)}\n`);
  else terminal.out(plansText(plans, typed, terminal));
  return plans.some(isChange) ? 2 : 0;
}

/** What each host’s plan is, and what makes it so. */
export function plansText(
  plans: readonly Plan[],
  { environment = '' }: Pick<Typed, 'environment'>,
  terminal: Pick<Terminal, 'colours'>,
): string {
  const texts = plans.map((one) => planText(one, terminal));
  const commands = plans.filter(isChange).map(({ host, hash }) => {
    const only = plans.length > 1 ? `--host ${host}` : '';
    return `  ${['hubctl apply', environment, only, `--confirm ${hash}`].filter(Boolean).join(' ')}\n`;
  });
  if (commands.length > 0) texts.push(`Make these changes with:\n${commands.join('')}`);
  return texts.join('\n');
}

/** Names what is not as it shall be, a line each. */
export async function drift(typed: Typed, terminal: Terminal): Promise<ExitCode> {
  const plans = await plansOf(typed, terminal);
  const drifted = plans.flatMap(({ host, steps }) =>
    steps.map(({ resource }) => ({ host, id: resource.id })),
  );
  if (typed.json) terminal.out(`${JSON.stringify({ drifted }, undefined, 2)}\n`);
  else terminal.out(drifted.map(({ host, id }) => `${host}: ${id}\n`).join('') || 'no drift\n');
  return drifted.length > 0 ? 2 : 0;
}

const isChange = ({ steps }: Plan) => steps.length > 0;

async function plansOf(typed: Typed, terminal: Terminal): Promise<Plan[]> {
  const target = targetOf(typed);
  const { environment, hosts } = target;
  const secrets = await secretsOf(target, terminal);
  const plans: Plan[] = [];
  for (const host of hosts) {
    plans.push(await withPlan({ environment, host, typed, secrets }, async (planned) => planned.plan));
  }
  return plans;
}
