import { effortIn } from '../chat-fields.ts';

/** OpenAI's `reasoning_effort`, with the tokens that Google's own layer takes for it where thinking has a budget. */
const EFFORTS: Record<string, { level: string; budget: number }> = {
  none: { level: 'low', budget: 0 },
  minimal: { level: 'low', budget: 1_024 },
  low: { level: 'low', budget: 1_024 },
  medium: { level: 'medium', budget: 8_192 },
  high: { level: 'high', budget: 24_576 },
  xhigh: { level: 'high', budget: 24_576 },
  max: { level: 'high', budget: 24_576 },
};

const THINKS_SINCE = 2.5;
const LEVELS_SINCE = 3;

/** The least that every thinking model takes, and the least of those that cannot be kept from it. */
const MIN_BUDGET = 512;
const MIN_PRO_BUDGET = 128;

/**
 * How much a model thinks (https://ai.google.dev/gemini-api/docs/thinking): a level since Gemini 3, a budget before,
 * nothing for models that do not think. To ask for little is the least that every newer one understands. The words for
 * it are those of https://ai.google.dev/gemini-api/docs/openai.
 */
export function thinkingConfig(body: Record<string, unknown>): object | undefined {
  const { reasoning_effort: asked, max_tokens: limit } = body;
  const generation = generationOf(body);
  if (asked == null || generation < THINKS_SINCE) return undefined;
  const { level, budget } = effortIn(EFFORTS, asked);
  const includeThoughts = asked !== 'none';
  if (generation >= LEVELS_SINCE) return { thinkingLevel: level, includeThoughts };
  const least = /-pro/i.test(nameOf(body)) ? MIN_PRO_BUDGET : 0;
  return { thinkingBudget: budget === 0 ? least : withRoom(budget, limit), includeThoughts };
}

/** Thinking is part of the output: at most half of it, so that an answer fits in too. */
const withRoom = (budget: number, limit: unknown) =>
  typeof limit === 'number' ? Math.max(MIN_BUDGET, Math.min(budget, Math.floor(limit / 2))) : budget;

/** Gemini refuses a call of its own that comes back without a signature: https://ai.google.dev/gemini-api/docs/thought-signatures. */
export const needsSignatures = (body: Record<string, unknown>): boolean => generationOf(body) >= LEVELS_SINCE;

/** The version in a Gemini model's name; that of one without is a new one (`gemini-flash-latest`), 0 is no Gemini. */
function generationOf(body: Record<string, unknown>): number {
  const name = nameOf(body);
  if (!/gemini/i.test(name)) return 0;
  const [, version] = /gemini-(\d+(?:\.\d+)?)/i.exec(name) ?? [];
  return version === undefined ? Infinity : Number(version);
}

const nameOf = ({ model }: Record<string, unknown>) => (typeof model === 'string' ? model : '');
