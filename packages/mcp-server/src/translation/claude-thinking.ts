import { effortIn, fieldsOf, numberOf } from './chat-fields.ts';

export interface ThinkingSettings {
  thinking?: Record<string, unknown>;
  effort?: string;
  temperature?: number;
  top_p?: number;
}

/** What else of the request decides whether a model may think. */
interface Circumstances {
  /** The model has to call a tool, whatever it thinks. */
  forced: boolean;
  /** The request ends in results of tools; the thinking that led to their calls is lost. */
  inToolUse: boolean;
}

/** OpenAI's `reasoning_effort`, with the tokens that it meant where thinking has a budget. */
const EFFORTS: Record<string, { effort: string; budget: number }> = {
  none: { effort: 'low', budget: 0 },
  minimal: { effort: 'low', budget: 0 },
  low: { effort: 'low', budget: 1_024 },
  medium: { effort: 'medium', budget: 4_096 },
  high: { effort: 'high', budget: 16_384 },
  xhigh: { effort: 'xhigh', budget: 32_768 },
  max: { effort: 'max', budget: 32_768 },
};
const MIN_BUDGET = 1_024;

/** Versions as numbers: 406 is 4.6. */
const ADAPTIVE_SINCE = 406;
const NO_SAMPLING_SINCE = 407;

/**
 * How much a model thinks and how it draws its words, which Anthropic ties together: effort with adaptive thinking on
 * current models (https://platform.claude.com/docs/en/build-with-claude/effort), a budget on those before Claude 4.6
 * (https://platform.claude.com/docs/en/build-with-claude/extended-thinking), and no temperature on those since Claude
 * 4.7, which refuse it (https://platform.claude.com/docs/en/about-claude/models/migration-guide). A caller's own
 * `thinking` is passed on, as by the vendor's own layer.
 */
export function thinkingSettings(body: Record<string, unknown>, how: Circumstances): ThinkingSettings {
  const { model } = body;
  const version = versionOf(typeof model === 'string' ? model : '');
  const settings = body['thinking'] == null ? reasoning(body, version, how) : own(body['thinking']);
  const thinks = settings.thinking !== undefined && settings.thinking['type'] !== 'disabled';
  const isFixed = version !== undefined && version >= NO_SAMPLING_SINCE;
  return { ...settings, ...(thinks || isFixed ? {} : sampling(body)) };
}

const own = (thinking: unknown): ThinkingSettings => ({ thinking: fieldsOf(thinking) });

function reasoning(
  { reasoning_effort: asked, max_tokens: limit }: Record<string, unknown>,
  version: number | undefined,
  { forced, inToolUse }: Circumstances,
): ThinkingSettings {
  if (asked == null) return {};
  const { effort, budget } = effortIn(EFFORTS, asked);
  if (version !== undefined && version < ADAPTIVE_SINCE)
    return forced || inToolUse ? {} : withBudget(budget, limit);
  const isFirst = version === ADAPTIVE_SINCE;
  // some models cannot be kept from thinking: to ask for little is all that every one of them understands
  if (budget === 0) return isFirst ? {} : { effort };
  return {
    effort: isFirst && effort === 'xhigh' ? 'high' : effort,
    ...(forced ? {} : { thinking: { type: 'adaptive', display: 'summarized' } }),
  };
}

/** A budget is part of the output: at most half of it, so that an answer fits in too. */
function withBudget(wanted: number, limit: unknown): ThinkingSettings {
  const most = typeof limit === 'number' ? Math.floor(limit / 2) : 0;
  const budget = Math.min(wanted, most);
  return budget < MIN_BUDGET ? {} : { thinking: { type: 'enabled', budget_tokens: budget } };
}

/** One of the two: Claude refuses both at once. A temperature of 1 says nothing. */
function sampling(body: Record<string, unknown>): Pick<ThinkingSettings, 'temperature' | 'top_p'> {
  const temperature = numberOf(body, 'temperature');
  const topP = numberOf(body, 'top_p');
  if (topP !== undefined && (temperature === undefined || temperature >= 1)) return { top_p: topP };
  return temperature === undefined ? {} : { temperature: Math.min(temperature, 1) };
}

/**
 * The version in a Claude model's name, on whatever platform; that of one without is a new one (Fable, Mythos).
 * Undefined for models of others who speak Anthropic's format: they take what the format has.
 */
function versionOf(model: string): number | undefined {
  if (!/claude/i.test(model)) return undefined;
  if (/claude-(?:[0-3]|instant)/i.test(model)) return 300;
  const [, major, minor = '0'] = /(?:opus|sonnet|haiku)-(\d{1,2})(?:[-.](\d{1,2}))?(?!\d)/i.exec(model) ?? [];
  return major === undefined ? Infinity : Number(major) * 100 + Number(minor);
}
