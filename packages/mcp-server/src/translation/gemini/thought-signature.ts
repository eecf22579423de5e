import { fieldsOf } from '../chat-fields.ts';

/**
 * Gemini signs the thought that led to a call, and refuses the call's result where the signature did not come back
 * with it (https://ai.google.dev/gemini-api/docs/thought-signatures). Callers carry it, so that nothing is kept here:
 * those of OpenAI's format where Google's own layer has it (https://ai.google.dev/gemini-api/docs/openai), those of
 * Anthropic's as a sealed thought, which their clients send back as it is.
 */
export const signed = (signature: string): object =>
  signature === '' ? {} : { extra_content: { google: { thought_signature: signature } } };

/** The signature of a call in a chat; '' where it has none. */
export function signatureOf(call: unknown): string {
  const { google } = fieldsOf(fieldsOf(call)['extra_content']);
  const signature = fieldsOf(google)['thought_signature'];
  return typeof signature === 'string' ? signature : '';
}

/** For callers who do not send it back: https://ai.google.dev/gemini-api/docs/thought-signatures#faqs. */
export const NO_SIGNATURE = 'skip_thought_signature_validator';

const SEAL = 'google:';

/** https://platform.claude.com/docs/en/build-with-claude/extended-thinking; it belongs to the call behind it. */
export const sealedThought = (signature: string) => ({
  type: 'redacted_thinking',
  data: SEAL + signature,
});

/** The signature in a block of a message; '' for all that was not sealed here. */
export function signatureIn(block: unknown): string {
  const { type, data } = fieldsOf(block);
  const isOurs = type === 'redacted_thinking' && typeof data === 'string' && data.startsWith(SEAL);
  return isOurs ? data.slice(SEAL.length) : '';
}
