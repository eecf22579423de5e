import type { Announce, Database, Enqueue } from '@smart-ai-hub/database';
import type { Client, internalContract } from '@smart-ai-hub/shared/contracts';
import type { ActorContext, KeyValue, Logger, RequestContext, Sealer } from '@smart-ai-hub/shared/service';
import type { Provider } from 'oidc-provider';
import type { Providers } from './oidc/providers.ts';
import type { RelyingParty } from './passkeys/relying-party.ts';
import type { Signer } from './sessions/signer.ts';

/** What every verb of this service stands on. */
export interface AuthDeps {
  database: Database;
  store: KeyValue;
  /** Puts a job into a transaction. */
  enqueue: Enqueue;
  /** Tells every process that somebody's access has changed. */
  announce: Announce;
  core: Client<typeof internalContract>;
  /** Members of the teams that a person manages, as they are now. */
  membersOf: (managerId: string) => Promise<readonly string[]>;
  signer: Signer;
  /** Accounts elsewhere that sign people in. */
  providers: Providers;
  logger: Logger;
  /** The OAuth server, and the origin that it answers for. */
  oauthServer: () => Promise<Provider>;
  issuer: string;
  sealer: Sealer;
  /** As which passkeys know this hub. */
  relyingParty: RelyingParty;
  /** Until an address is verified, its account makes no keys and redeems no codes. */
  requireVerifiedEmail: boolean;
  /** Sign-ups, mails for a new password, and resets an hour from one network, each. */
  triesPerNetwork: number;
  /** Cookies travel over https alone. */
  secureCookies: boolean;
}

export type AuthContext = AuthDeps & RequestContext;
export type SignedInContext = AuthDeps & ActorContext;
