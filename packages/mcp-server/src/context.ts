import type { Transport } from '@smart-ai-hub/shared/contracts';
import type { Logger } from '@smart-ai-hub/shared/service';
import type { ClientSessions } from './client-sessions/client-sessions.ts';
import type { HeldCalls } from './client-sessions/held-calls.ts';
import type { Questions } from './client-sessions/questions.ts';
import type { RunningCalls } from './client-sessions/running-calls.ts';
import type { AnswerRoom } from './completions/answer-room.ts';
import type { ProviderConfig } from './config.ts';
import type { KeptAnswers } from './kept-answers/kept-answers.ts';
import type { Ledger } from './metering/ledger.ts';
import type { PriceList } from './metering/price-list.ts';
import type { TokenLimit } from './metering/token-limit.ts';
import type { NewsStreams } from './news/news-streams.ts';
import type { Patience } from './providers/ask-in-turn.ts';
import type { Vendor } from './providers/provider.ts';
import type { KeptUpstreams } from './upstreams/kept-upstreams.ts';
import type { Catalogue } from './providers/catalogue.ts';

/** What every verb of this service stands on. */
export interface McpDeps {
  catalogue: Catalogue;
  /** Those that the environment names, as they are shown. */
  environmentProviders: readonly ProviderConfig[];
  /** Every provider that is asked, in that order. */
  vendors: () => readonly Vendor[];
  priceOf: PriceList;
  ledger: Ledger;
  tokenLimit: TokenLimit;
  keptAnswers: KeptAnswers;
  /** For whole answers, of all calls together. */
  answerRoom: AnswerRoom;
  /** With providers that fail, before the caller is told. */
  patience: Patience;
  /** Milliseconds that a provider may still talk after its caller went away. */
  drainTimeout: number;
  /** The services that own what tools show and change. */
  services: { auth: Transport; core: Transport };
  /** Of MCP clients of 2025, what they are asked over them, and what they may cancel. */
  clientSessions: ClientSessions;
  questions: Questions;
  runningCalls: RunningCalls;
  /** In which clients hear of resources. */
  newsStreams: NewsStreams;
  /** Of servers of 2025, for clients of today. */
  heldCalls: HeldCalls;
  /** Other servers of tools. */
  upstreams: KeptUpstreams;
  /** Origins of MCP servers that may be local. */
  localMcpServers: readonly string[];
  /** Programs that an MCP server over stdio may be. */
  stdioCommands: readonly string[];
  /** Signs what travels through a caller between two rounds of one call; the same in every process. */
  stateKey: Uint8Array;
  logger: Logger;
}
