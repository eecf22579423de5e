import type { ProviderFormat } from '@smart-ai-hub/shared/contracts';
import type { ActorContext } from '@smart-ai-hub/shared/service';
import type { McpDeps } from '../context.ts';
import type { Need } from '../providers/fit.ts';
import type { ChatBody, Offer, Service } from '../providers/provider.ts';
import type { CallerFormat, CallFacts, Translation } from '../translation/translation.ts';

export type CallContext = McpDeps & ActorContext;

/** A call as its door understood it. */
export interface Asked {
  /** What is asked of the provider, and what it is called in usage. */
  service: Service;
  /** The caller's format; the provider may have another. */
  format: CallerFormat;
  model: string;
  /** As the caller sent it. */
  request: Record<string, unknown>;
  isStream: boolean;
  /** What the model has to be able to do beside. */
  needs?: readonly Need[];
  /** Answers that cost output, as many as are wished for. */
  choices: number;
  /** Images that are wished for. */
  images?: number;
  /** Of one answer, where the caller sets a limit. */
  maxOutputTokens: number | undefined;
  countPrompt: () => Promise<number>;
  /** What this provider is sent, in its format and with this limit. */
  bodyFor: (offer: Offer, maxOutputTokens: number) => ChatBody;
  /** How the caller is told what a provider of this format answers; nothing where it is passed on as it is. */
  translationOf: (provider: ProviderFormat, facts: CallFacts) => Translation | undefined;
  /** Of the caller's own, for a provider of the same format. */
  headers: Record<string, string>;
  /** The caller wants to hear of the usage of a stream. */
  showUsage: boolean;
}
