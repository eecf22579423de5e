import type { McpEra } from '@smart-ai-hub/shared/contracts';
import type { Secret } from '@smart-ai-hub/shared/service';
import type { ChildLimits } from './child-group.ts';

/** How a server is reached: an address with the hub's own credentials for it, or a program of this machine. */
export type UpstreamTransport =
  | {
      kind: 'http';
      url: string;
      headers: Readonly<Record<string, Secret>>;
      /** An administrator allowed its origin to be local, or to speak http. */
      mayBeLocal: boolean;
    }
  | {
      kind: 'stdio';
      command: string;
      args: readonly string[];
      /** All that it knows of the environment, beside PATH. */
      env: Readonly<Record<string, Secret>>;
      limits: ChildLimits;
    };

/** A server of tools as it is asked. Times are in milliseconds, sizes in bytes. */
export interface UpstreamSettings {
  id: string;
  /** Its tools are called `name__tool`. */
  name: string;
  /** Which revision it is spoken to in; `auto` asks it. */
  era: McpEra;
  transport: UpstreamTransport;
  /** Everybody has a conversation of their own with it. */
  perPerson: boolean;
  /** Of one call, from asking to the end of the answer. */
  timeout: number;
  startTimeout: number;
  /** A conversation that nobody has used for so long ends. */
  idleTimeout: number;
  /** Conversations at once. */
  maxSessions: number;
  /** Calls at once; as many again wait. */
  maxConcurrent: number;
  maxResultBytes: number;
  /** Of failed calls, from which on it is left alone. */
  breakerPercent: number;
}
