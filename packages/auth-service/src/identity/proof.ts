import type { Grants, InternalClaims } from '@smart-ai-hub/shared/contracts';

/** A person as far as it matters who acts. */
export interface Holder {
  id: string;
  email: string;
  verified: boolean;
  disabledAt: Date | null;
  deletedAt: Date | null;
}

/** What a credential says: for whom, by what, until when, and how much less than its person it may. */
export interface Proof {
  holder: Holder;
  credential: InternalClaims['credential'];
  expiresAt: Date | null;
  authenticatedAt?: Date;
  limits?: InternalClaims['limits'];
  resource?: InternalClaims['resource'];
  cacheAnswers?: true;
  narrow?: (grants: Grants) => Grants;
}
