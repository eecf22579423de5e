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
import { nextPath } from './api/next-path.ts';
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
  validateSearch: (search): { next?: string } => {
    const next = nextPath(search['next']);
    return next ? { next } : {};
  },
  beforeLoad: leaveIfSignedIn,
  component: lazyRouteComponent(() => import('./pages/sign-in-page.tsx'), 'SignInPage'),
});

const signUp = createRoute({
  getParentRoute: () => visitor,
  path: '/sign-up',
  beforeLoad: leaveIfSignedIn,
  component: lazyRouteComponent(() => import('./pages/sign-up-page.tsx'), 'SignUpPage'),
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

const playground = createRoute({
  getParentRoute: () => member,
  path: '/playground',
  validateSearch: ({ model }): { model?: string } => (typeof model === 'string' ? { model } : {}),
  component: lazyRouteComponent(() => import('./pages/playground/playground-page.tsx'), 'PlaygroundPage'),
});

const keys = createRoute({
  getParentRoute: () => member,
  path: '/keys',
  component: lazyRouteComponent(() => import('./pages/keys/keys-page.tsx'), 'KeysPage'),
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

/** For anybody: an error body names this address. */
const problem = createRoute({ getParentRoute: () => root, path: '/problems/$code', component: ProblemPage });

const routeTree = root.addChildren([
  problem,
  consentProblem,
  visitor.addChildren([signIn, signUp, setup]),
  member.addChildren([overview, playground, keys, usage, models, grants, consent, device]),
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
