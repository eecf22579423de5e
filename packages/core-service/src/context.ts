import type { Announce, Database, Enqueue } from '@smart-ai-hub/database';
import type { ActorContext, KeyValue, Sealer } from '@smart-ai-hub/shared/service';

/** What every verb of this service stands on. */
export interface CoreDeps {
  database: Database;
  store: KeyValue;
  /** Puts a job into a transaction. */
  enqueue: Enqueue;
  /** Tells every process that somebody's access, or what providers and MCP servers there are, has changed. */
  announce: Announce;
  /** For the secrets of webhooks and MCP servers, and the keys of providers. */
  sealer: Sealer;
  /** Origins of receivers that may be local. */
  localReceivers: readonly string[];
  /** Origins of AI providers that may be local. */
  localProviders: readonly string[];
  /** Origins of MCP servers that may be local. */
  localMcpServers: readonly string[];
  /** Programs that an MCP server over stdio may be. */
  stdioCommands: readonly string[];
  /** Micro-credits. */
  signupCreditMicro: number;
  /** Seconds. */
  holdSeconds: number;
  /** Members of the teams that a person manages, as auth-service has them now. */
  membersOf: (managerId: string) => Promise<readonly string[]>;
}

export type SignedInContext = CoreDeps & ActorContext;
