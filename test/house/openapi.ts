import {
  accountContract,
  accessCheckContract,
  askedProvidersContract,
  auditContract,
  authContract,
  completionsContract,
  type Contract,
  conversationsContract,
  creditsContract,
  keysContract,
  mcpContract,
  mcpProfilesContract,
  mcpServersContract,
  mcpUpstreamsContract,
  messagesContract,
  oauthContract,
  oidcContract,
  partnerSessionsContract,
  pricesContract,
  promosContract,
  providersContract,
  responsesContract,
  rolesContract,
  teamsContract,
  passkeysContract,
  secondFactorContract,
  sessionsContract,
  stepUpContract,
  usageContract,
  usersContract,
  webhooksContract,
} from '@smart-ai-hub/shared/contracts';
import { bind, createApp, type Handlers, Secret, VERSION } from '@smart-ai-hub/shared/service';
import { testLog } from '@smart-ai-hub/shared/testing';

/** What each service answers to the world; routes between services are not published. */
export const PUBLISHED: Record<string, Contract> = {
  'auth-service': {
    ...authContract,
    ...accountContract,
    ...keysContract,
    ...oidcContract,
    ...partnerSessionsContract,
    ...oauthContract,
    ...teamsContract,
    ...usersContract,
    ...sessionsContract,
    ...secondFactorContract,
    ...passkeysContract,
    ...stepUpContract,
  },
  'core-service': {
    ...creditsContract,
    ...usageContract,
    ...pricesContract,
    ...providersContract,
    ...mcpServersContract,
    ...mcpProfilesContract,
    ...promosContract,
    ...rolesContract,
    ...accessCheckContract,
    ...auditContract,
    ...webhooksContract,
    ...conversationsContract,
  },
  'mcp-server': {
    ...completionsContract,
    ...messagesContract,
    ...responsesContract,
    ...mcpContract,
    ...askedProvidersContract,
    ...mcpUpstreamsContract,
  },
};

/** The OpenAPI document of a service, as its own application tells it. */
export async function openApi(service: string, contract: Contract): Promise<string> {
  const app = createApp({ service, version: VERSION, logger: testLog().logger });
  const guards = {
    serviceToken: new Secret('nobody calls'),
    verifyToken: () => Promise.reject(new Error('nobody calls')),
  };
  await app.register((routes, _options, done) => {
    bind(routes, contract, guards, {}, noHandlers(contract));
    done();
  });
  await app.ready();
  const document = app.swagger();
  await app.close();
  return `${JSON.stringify(document, null, 2)}\n`;
}

function noHandlers(contract: Contract): Handlers<Contract, object> {
  return Object.fromEntries(
    Object.keys(contract).map((name) => [name, () => Promise.reject(new Error('nobody calls'))]),
  );
}
