import type { QueryClient } from '@tanstack/react-query';
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router';
import type { Hub } from './api/hub.ts';
import { knowBalance, knowProviders } from './api/known-first.ts';
import { nextPath } from './api/next-path.ts';
import { type ProblemSearch, problemSearch } from './api/problem-search.ts';
import { ConsentProblemPage } from './pages/consent/consent-problem-page.tsx';
import {
  BareFailedPage,
  BareNotFoundPage,
  FailedPage,
  NotFoundPage,
  ProblemPage,
} from './pages/problem-pages.tsx';
import { LoadingPage } from './ui/loading.tsx';
import { Shell } from './ui/shell/shell.tsx';
import { VisitorFrame } from './ui/shell/visitor-frame.tsx';

interface RouterContext {
  hub: Hub;
  queries: QueryClient;
}

const root = createRootRouteWithContext<RouterContext>()({
  component: Outlet,
  notFoundComponent: BareNotFoundPage,
});

/** For people who are signed in; others sign in first and then come back. */
const member = createRoute({
  getParentRoute: () => root,
  id: 'member',
  component: Shell,
  errorComponent: BareFailedPage,
  beforeLoad: async ({ context, location }) => {
    if (await context.hub.session.start()) return;
    const next = nextPath(location.href);
    throw redirect({ to: '/sign-in', search: next && next !== '/' ? { next } : {} });
  },
  loader: ({ context }) => knowBalance(context),
  staleTime: Infinity, // the pages ask again by themselves
  gcTime: 0, // and the next person's is asked for before they see a page
});

const visitor = createRoute({
  getParentRoute: () => root,
  id: 'visitor',
  component: VisitorFrame,
  errorComponent: BareFailedPage,
});

/** Somebody who is signed in has nothing to do on these pages. */
const leaveIfSignedIn = async ({ context }: { context: RouterContext }) => {
  if (await context.hub.session.start()) throw redirect({ to: '/' });
};

const signIn = createRoute({
  getParentRoute: () => visitor,
  path: '/sign-in',
  // both are always named: the router keeps of an address what a validator does not answer
  validateSearch: (search): { next?: string | undefined } & ProblemSearch => ({
    next: nextPath(search['next']),
    ...problemSearch(search),
  }),
  beforeLoad: async ({ context, search: { problem } }) => {
    if (!(await context.hub.session.start())) return;
    // somebody who is signed in came back from a provider to link an account
    throw problem ? redirect({ to: '/linked-accounts', search: { problem } }) : redirect({ to: '/' });
  },
  loader: ({ context }) => knowProviders(context),
  gcTime: 0,
  component: lazyRouteComponent(() => import('./pages/sign-in-page.tsx'), 'SignInPage'),
});

const signUp = createRoute({
  getParentRoute: () => visitor,
  path: '/sign-up',
  beforeLoad: leaveIfSignedIn,
  loader: ({ context }) => knowProviders(context),
  gcTime: 0,
  component: lazyRouteComponent(() => import('./pages/sign-up-page.tsx'), 'SignUpPage'),
});

const forgot = createRoute({
  getParentRoute: () => visitor,
  path: '/forgot',
  component: lazyRouteComponent(() => import('./pages/forgot-page.tsx'), 'ForgotPage'),
});

/** Also for somebody who is signed in: the link came by mail, and may be newer than the session. */
const reset = createRoute({
  getParentRoute: () => visitor,
  path: '/reset',
  component: lazyRouteComponent(() => import('./pages/reset-page.tsx'), 'ResetPage'),
});

const setup = createRoute({
  getParentRoute: () => visitor,
  path: '/setup',
  component: lazyRouteComponent(() => import('./pages/setup-page.tsx'), 'SetupPage'),
});

const overview = createRoute({
  getParentRoute: () => member,
  path: '/',
  component: lazyRouteComponent(() => import('./pages/overview/overview-page.tsx'), 'OverviewPage'),
});

const chat = createRoute({
  getParentRoute: () => member,
  path: '/chat',
  validateSearch: ({ id, model }): { id?: string; model?: string } => ({
    ...(typeof id === 'string' && { id }),
    ...(typeof model === 'string' && { model }),
  }),
  component: lazyRouteComponent(() => import('./pages/chat/chat-page.tsx'), 'ChatPage'),
});

const connect = createRoute({
  getParentRoute: () => member,
  path: '/connect',
  component: lazyRouteComponent(() => import('./pages/connect/connect-page.tsx'), 'ConnectPage'),
});

const keys = createRoute({
  getParentRoute: () => member,
  path: '/keys',
  component: lazyRouteComponent(() => import('./pages/keys/keys-page.tsx'), 'KeysPage'),
});

const verify = createRoute({
  getParentRoute: () => member,
  path: '/verify',
  component: lazyRouteComponent(() => import('./pages/account/verify-page.tsx'), 'VerifyPage'),
});

const account = createRoute({
  getParentRoute: () => member,
  path: '/account',
  component: lazyRouteComponent(() => import('./pages/account/account-page.tsx'), 'AccountPage'),
});

const partner = createRoute({
  getParentRoute: () => member,
  path: '/partner',
  component: lazyRouteComponent(() => import('./pages/partner/partner-page.tsx'), 'PartnerPage'),
});

const linkedAccounts = createRoute({
  getParentRoute: () => member,
  path: '/linked-accounts',
  validateSearch: problemSearch,
  component: lazyRouteComponent(
    () => import('./pages/linked-accounts/linked-accounts-page.tsx'),
    'LinkedAccountsPage',
  ),
});

const usage = createRoute({
  getParentRoute: () => member,
  path: '/usage',
  component: lazyRouteComponent(() => import('./pages/usage/usage-page.tsx'), 'UsagePage'),
});

const models = createRoute({
  getParentRoute: () => member,
  path: '/models',
  component: lazyRouteComponent(() => import('./pages/models/models-page.tsx'), 'ModelsPage'),
});

const security = createRoute({
  getParentRoute: () => member,
  path: '/security',
  component: lazyRouteComponent(() => import('./pages/security/security-page.tsx'), 'SecurityPage'),
});

const roles = createRoute({
  getParentRoute: () => member,
  path: '/admin/roles',
  component: lazyRouteComponent(() => import('./pages/roles/roles-page.tsx'), 'RolesPage'),
});

const role = createRoute({
  getParentRoute: () => member,
  path: '/admin/roles/$name',
  component: lazyRouteComponent(() => import('./pages/roles/role-page.tsx'), 'RolePage'),
});

const audit = createRoute({
  getParentRoute: () => member,
  path: '/admin/audit',
  component: lazyRouteComponent(() => import('./pages/audit/audit-page.tsx'), 'AuditPage'),
});

const grants = createRoute({
  getParentRoute: () => member,
  path: '/grants',
  component: lazyRouteComponent(() => import('./pages/grants/grants-page.tsx'), 'GrantsPage'),
});

const consent = createRoute({
  getParentRoute: () => member,
  path: '/consent/$uid',
  component: lazyRouteComponent(() => import('./pages/consent/consent-page.tsx'), 'ConsentPage'),
});

const device = createRoute({
  getParentRoute: () => member,
  path: '/device',
  component: lazyRouteComponent(() => import('./pages/consent/device-page.tsx'), 'DevicePage'),
});

/** For anybody: the OAuth server sends people here whose program it cannot answer. */
const consentProblem = createRoute({
  getParentRoute: () => root,
  path: '/consent/problem',
  component: ConsentProblemPage,
});

const users = createRoute({
  getParentRoute: () => member,
  path: '/admin/users',
  component: lazyRouteComponent(() => import('./pages/users/users-page.tsx'), 'UsersPage'),
});

const teams = createRoute({
  getParentRoute: () => member,
  path: '/admin/teams',
  component: lazyRouteComponent(() => import('./pages/teams/teams-page.tsx'), 'TeamsPage'),
});

const promos = createRoute({
  getParentRoute: () => member,
  path: '/admin/promos',
  component: lazyRouteComponent(() => import('./pages/promos/promos-page.tsx'), 'PromosPage'),
});

const credits = createRoute({
  getParentRoute: () => member,
  path: '/credits',
  component: lazyRouteComponent(() => import('./pages/credits/credits-page.tsx'), 'CreditsPage'),
});

const accounts = createRoute({
  getParentRoute: () => member,
  path: '/admin/accounts',
  component: lazyRouteComponent(() => import('./pages/accounts/accounts-page.tsx'), 'AccountsPage'),
});

const accountLedger = createRoute({
  getParentRoute: () => member,
  path: '/admin/accounts/$userId',
  component: lazyRouteComponent(
    () => import('./pages/accounts/account-ledger-page.tsx'),
    'AccountLedgerPage',
  ),
});

const prices = createRoute({
  getParentRoute: () => member,
  path: '/admin/prices',
  component: lazyRouteComponent(() => import('./pages/prices/prices-page.tsx'), 'PricesPage'),
});

const providers = createRoute({
  getParentRoute: () => member,
  path: '/admin/providers',
  component: lazyRouteComponent(() => import('./pages/providers/providers-page.tsx'), 'ProvidersPage'),
});

const tools = createRoute({
  getParentRoute: () => member,
  path: '/admin/tools',
  component: lazyRouteComponent(() => import('./pages/tools/tools-page.tsx'), 'ToolsPage'),
});

const status = createRoute({
  getParentRoute: () => member,
  path: '/admin/status',
  component: lazyRouteComponent(() => import('./pages/status/status-page.tsx'), 'StatusPage'),
});

const toolServer = createRoute({
  getParentRoute: () => member,
  path: '/admin/tools/$serverId',
  component: lazyRouteComponent(() => import('./pages/tools/server-page.tsx'), 'ServerPage'),
});

const webhooks = createRoute({
  getParentRoute: () => member,
  path: '/webhooks',
  component: lazyRouteComponent(() => import('./pages/webhooks/webhooks-page.tsx'), 'WebhooksPage'),
});

const webhook = createRoute({
  getParentRoute: () => member,
  path: '/webhooks/$webhookId',
  component: lazyRouteComponent(() => import('./pages/webhooks/webhook-page.tsx'), 'WebhookPage'),
});

/** For anybody: an error body names this address. */
const problem = createRoute({ getParentRoute: () => root, path: '/problems/$code', component: ProblemPage });

const routeTree = root.addChildren([
  problem,
  consentProblem,
  visitor.addChildren([signIn, signUp, forgot, reset, setup]),
  member.addChildren([
    ...[overview, credits, chat, connect, keys, partner, usage, models],
    ...[account, security, linkedAccounts, verify],
    ...[grants, consent, device],
    ...[users, teams, roles, role, promos, audit],
    ...[accounts, accountLedger, prices, providers, tools, toolServer, status, webhooks, webhook],
  ]),
]);

export function createAppRouter(context: RouterContext) {
  return createRouter({
    routeTree,
    context,
    defaultPreload: 'intent',
    defaultPendingComponent: LoadingPage,
    defaultErrorComponent: FailedPage,
    defaultNotFoundComponent: NotFoundPage,
    scrollRestoration: true,
  });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createAppRouter>;
  }
}
