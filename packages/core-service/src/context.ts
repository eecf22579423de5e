import type { Database } from '@smart-ai-hub/database';
import type { ActorContext } from '@smart-ai-hub/shared/service';

/** What every verb of this service stands on. */
export interface CoreDeps {
  database: Database;
  /** Micro-credits. */
  signupCreditMicro: number;
  /** Seconds. */
  holdSeconds: number;
}

export type SignedInContext = CoreDeps & ActorContext;
