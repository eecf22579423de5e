import {
  type Client,
  type Contract,
  createClient,
  DomainError,
  onBehalfOf,
  type Transport,
} from '@smart-ai-hub/shared/contracts';
import { bearerToken } from '@smart-ai-hub/shared/service';
import type { CallContext } from '../completions/asked.ts';

/** The services by their public contracts, asked as whoever calls the tool: they decide what is let through. */
export interface Services {
  auth: <C extends Contract>(contract: C) => Client<C>;
  core: <C extends Contract>(contract: C) => Client<C>;
}

export function asCaller({ services, address, userAgent, http }: CallContext): Services {
  const token = bearerToken(http.request.headers.authorization);
  if (token === undefined) throw new DomainError('unauthenticated'); // nobody came this far without one
  const clientOf =
    (transport: Transport) =>
    <C extends Contract>(contract: C) =>
      createClient(contract, onBehalfOf(transport, { token, address, userAgent }));
  return { auth: clientOf(services.auth), core: clientOf(services.core) };
}
