import { type NewPrice, pricesContract } from '@smart-ai-hub/shared/contracts';
import { z } from 'zod';
import { credits, moment } from './typed-values.ts';

const { shape } = pricesContract.setPrice.body;

/** For how many tokens a price is typed. Kept for a million: either way it stays whole. */
export const PER = { thousand: 1000, million: 1 } as const;
export const PER_NAMES = ['thousand', 'million'] as const;

const asGiven = z.object({
  model: z.string().trim().min(1).pipe(shape.model),
  per: z.enum(PER_NAMES),
  input: credits,
  output: credits,
  unit: credits,
  effectiveAt: moment,
});

/** What the form of a price holds, as the hub takes it. Nothing typed at all is a mistake, and not a gift. */
export const priceFields = asGiven.transform((given, ctx): NewPrice => {
  const { model, per, input, output, unit, effectiveAt } = given;
  if (input === null && output === null && unit === null)
    ctx.addIssue({ code: 'too_small', origin: 'string', minimum: 1, input: '', path: ['input'] });
  const amount = (name: string, schema: z.ZodType<number>, micro: number) => {
    const fits = schema.safeParse(micro);
    if (!fits.success) ctx.addIssue({ code: 'custom', input: micro, path: [name] });
    return micro;
  };
  return {
    model,
    inputMicroPerMillion: amount('input', shape.inputMicroPerMillion, (input ?? 0) * PER[per]),
    outputMicroPerMillion: amount('output', shape.outputMicroPerMillion, (output ?? 0) * PER[per]),
    unitMicro: amount('unit', shape.unitMicro, unit ?? 0),
    ...(effectiveAt !== null && { effectiveAt }),
  };
});
