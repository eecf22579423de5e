import type { Database } from '@smart-ai-hub/database';
import type { Client, internalContract } from '@smart-ai-hub/shared/contracts';
import type { ActorContext, KeyValue, RequestContext, Revocations } from '@smart-ai-hub/shared/service';
import type { Signer } from './sessions/signer.ts';

/** What every verb of this service stands on. */
export interface AuthDeps {
  database: Database;
  store: KeyValue;
  revocations: Revocations;
  core: Client<typeof internalContract>;
  signer: Signer;
  /** Cookies travel over https alone. */
  secureCookies: boolean;
}

export type AuthContext = AuthDeps & RequestContext;
export type SignedInContext = AuthDeps & ActorContext;
