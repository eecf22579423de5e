import type {
  ApiKey,
  ClientGrant,
  Identity,
  OpenSession,
  PartnerSession,
  Passkey,
  Price,
} from '@smart-ai-hub/shared/contracts';
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { Hub } from './hub.ts';
import { offerOf, type ModelOffer } from './model-offer.ts';

const PAGE_SIZE = 20;
const SLOWLY_CHANGING = 5 * 60_000;

export const balanceQuery = (hub: Hub) =>
  queryOptions({
    queryKey: ['credits', 'balance'],
    queryFn: ({ signal }) => hub.credits.getBalance({ query: {} }, { signal }),
  });

export const usageQuery = (hub: Hub) =>
  infiniteQueryOptions({
    queryKey: ['usage'],
    queryFn: ({ pageParam, signal }) => hub.usage.listUsage(pageOf(pageParam), { signal }),
    initialPageParam: '',
    getNextPageParam: ({ nextCursor }) => nextCursor,
  });

export const keysQuery = (hub: Hub) =>
  queryOptions({
    queryKey: ['keys'],
    queryFn: async ({ signal }): Promise<ApiKey[]> => (await hub.keys.listKeys({}, { signal })).items,
  });

export const sessionsQuery = (hub: Hub) =>
  queryOptions({
    queryKey: ['sessions'],
    queryFn: async ({ signal }): Promise<OpenSession[]> =>
      (await hub.sessions.listSessions({}, { signal })).items,
  });

/** By what the person can prove who they are; what changes a factor invalidates both. */
export const factorsQuery = (hub: Hub) =>
  queryOptions({
    queryKey: ['factors'],
    queryFn: ({ signal }) => hub.secondFactor.factors({}, { signal }),
  });

export const passkeysQuery = (hub: Hub) =>
  queryOptions({
    queryKey: ['factors', 'passkeys'],
    queryFn: async ({ signal }): Promise<Passkey[]> =>
      (await hub.passkeys.listPasskeys({}, { signal })).items,
  });

export const partnerSessionsQuery = (hub: Hub) =>
  queryOptions({
    queryKey: ['partner-sessions'],
    queryFn: async ({ signal }): Promise<PartnerSession[]> =>
      (await hub.partnerSessions.listPartnerSessions({}, { signal })).items,
  });

/** Accounts elsewhere by which people can sign in here. */
export const providersQuery = (hub: Hub) =>
  queryOptions({
    queryKey: ['oidc', 'providers'],
    queryFn: async ({ signal }): Promise<{ id: string; name: string }[]> =>
      (await hub.oidc.listProviders({}, { signal })).items,
    staleTime: SLOWLY_CHANGING,
  });

export const identitiesQuery = (hub: Hub) =>
  queryOptions({
    queryKey: ['oidc', 'identities'],
    queryFn: async ({ signal }): Promise<Identity[]> => (await hub.oidc.listIdentities({}, { signal })).items,
  });

/** Asked once: answering it is what ends it. */
export const interactionQuery = (hub: Hub, uid: string) =>
  queryOptions({
    queryKey: ['interactions', uid],
    queryFn: ({ signal }) => hub.oauth.findInteraction({ params: { uid } }, { signal }),
    staleTime: Infinity,
  });

export const grantsQuery = (hub: Hub) =>
  queryOptions({
    queryKey: ['grants'],
    queryFn: async ({ signal }): Promise<ClientGrant[]> => (await hub.oauth.listGrants({}, { signal })).items,
  });

export const pricesQuery = (hub: Hub) =>
  queryOptions({
    queryKey: ['prices'],
    queryFn: async ({ signal }): Promise<Price[]> => (await hub.prices.listPrices({}, { signal })).items,
    staleTime: SLOWLY_CHANGING,
  });

export const offersQuery = (hub: Hub) =>
  queryOptions({
    queryKey: ['models'],
    queryFn: async ({ signal, client }): Promise<ModelOffer[]> => {
      const [models, prices] = await Promise.all([
        hub.models.listModels({}, { signal }),
        client.query({ ...pricesQuery(hub), staleTime: 'static' }),
      ]);
      return models.data.map((model) => offerOf(model, prices));
    },
    staleTime: SLOWLY_CHANGING,
  });

export const setupStateQuery = (hub: Hub) =>
  queryOptions({
    queryKey: ['setup'],
    queryFn: ({ signal }) => hub.visitor.setupState({}, { signal }),
  });

/** What a settled call changes. */
export const CHARGED = [['credits'], ['usage']] as const;

const pageOf = (cursor: string) => ({ query: { limit: PAGE_SIZE, ...(cursor && { cursor }) } });
