import { conversationsContract } from '@smart-ai-hub/shared/contracts';
import { z } from 'zod';
import { count } from './typed-values.ts';

const { system, temperature, maxTokens } = conversationsContract.createConversation.body.shape;

/** A number with a few decimals; left empty, null. */
const decimal = z
  .string()
  .trim()
  .regex(/^(\d(\.\d{1,3})?)?$/)
  .transform((text) => (text === '' ? null : Number(text)));

/** How questions are asked, as the form of a conversation has it. */
export const askingFields = z.object({
  system,
  temperature: decimal.pipe(temperature.unwrap()),
  maxTokens: count.pipe(maxTokens.unwrap()),
});
export type AskingFields = z.output<typeof askingFields>;
