import { creditsContract, TRANSACTION_REASONS } from '@smart-ai-hub/shared/contracts';
import { z } from 'zod';
import { dayStart } from './day-start.ts';
import { credits, required } from './typed-values.ts';

const { adjust } = creditsContract;

/** Credits up or down as micro-credits. Phones and Thai keyboards type a minus of their own. */
const signedCredits = required
  .regex(/^[+\-−]?\d/)
  .transform((text, ctx) => {
    const amount = credits.safeParse(text.replace(/^[+\-−]/, ''));
    if (amount.success && amount.data !== null) return /^[-−]/.test(text) ? -amount.data : amount.data;
    ctx.addIssue('no credits');
    return z.NEVER;
  })
  .pipe(adjust.body.shape.amountMicro);

export const adjustFields = z.object({ amountMicro: signedCredits, note: adjust.body.shape.note });

export const noteFields = z.object({ note: adjust.body.shape.note });

/** What is left empty does not narrow. */
export const ledgerFilterFields = z.object({
  reason: z.enum(TRANSACTION_REASONS).or(z.literal('').transform(() => undefined)),
  from: dayStart(0),
  to: dayStart(1),
});
