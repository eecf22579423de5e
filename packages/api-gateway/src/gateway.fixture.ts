import { randomUUID } from 'node:crypto';
import type { ClientRequest, KeyLimits, TeamOfActor } from '@smart-ai-hub/shared/contracts';
import { type ClosableTransport, closeAll, readConfig } from '@smart-ai-hub/shared/service';
import {
  credentialOf,
  testIssuer,
  testLog,
  type TestIssuer,
  type TestLog,
  type TestPerson,
} from '@smart-ai-hub/shared/testing';
import { build, type GatewayParts } from './build.ts';
import { settings } from './config.ts';

/** Stands where auth-service answers: public keys, and tokens for the keys it knows. */
export interface FakeAuth {
  transport: ClosableTransport;
  issuer: TestIssuer;
  /** The access token of somebody signed in, in a session of its own. */
  signIn: (person?: { userId?: string; roles?: string[]; expiresIn?: number }) => {
    token: string;
    sessionId: string;
  };
  /** From now on, this credential is refused. */
  refuse: (credential: string) => void;
  /** An API key of this person. */
  addKey: (key?: {
    userId?: string;
    roles?: string[];
    expiresIn?: number;
    limits?: KeyLimits;
    teams?: TeamOfActor[];
    key?: string;
  }) => {
    key: string;
    keyId: string;
  };
  /** Credentials that were asked for, in order. */
  asked: string[];
  /** Holds answers back until it is called again. */
  hold: () => () => void;
}

interface Holder extends TestPerson {
  expiresIn: number;
}

/** An auth-service of one test's own, with the answers that its contract promises. */
export async function fakeAuth(): Promise<FakeAuth> {
  const issuer = await testIssuer();
  const holders = new Map<string, Holder>();
  const asked: string[] = [];
  let held = Promise.resolve();

  const identify = async (credential: string) => {
    asked.push(credential);
    const holder = holders.get(credential);
    await held;
    if (!holder) return { status: 401, body: problem('unauthenticated', 401) };
    const { expiresIn } = holder;
    const token = await issuer.token(holder, { expires: expiresIn });
    return { status: 200, body: { token, expiresIn } };
  };
  const transport = async (request: ClientRequest) =>
    request.path === '/internal/identify' ? identify(credentialOf(request.body)) : issuer.transport(request);

  return {
    issuer,
    asked,
    transport: Object.assign(transport, { close: () => Promise.resolve() }),
    hold: () => {
      let open: (() => void) | undefined;
      held = new Promise((resolve) => (open = resolve));
      return () => {
        open?.();
      };
    },
    refuse: (credential) => holders.delete(credential),
    signIn: ({ expiresIn = 90, ...person } = {}) => {
      const token = `access-${randomUUID()}`;
      const sessionId = randomUUID();
      const claims = { credential: { kind: 'session', id: sessionId } };
      holders.set(token, { userId: randomUUID(), ...person, claims, expiresIn });
      return { token, sessionId };
    },
    addKey: ({
      userId = randomUUID(),
      roles = ['user'],
      expiresIn = 90,
      limits,
      teams,
      key = `sk-hub-${randomUUID().replaceAll('-', '')}abcdefghijk`,
    } = {}) => {
      const keyId = randomUUID();
      const claims = { ...(limits && { limits }), ...(teams && { teams }) };
      holders.set(key, { userId, roles, keyId, expiresIn, claims });
      return { key, keyId };
    },
  };
}

const problem = (code: string, status: number) => ({
  ...{ type: `/problems/${code}`, title: code, status, code, instance: '/', requestId: 'fake-auth-1' },
});

export interface TestGateway extends AsyncDisposable {
  url: string;
  auth: FakeAuth;
  log: TestLog;
  /** As on SIGTERM: drains and ends. */
  close: () => Promise<void>;
}

export interface GatewayOptions extends Partial<GatewayParts> {
  env?: Record<string, string>;
}

/** The real gateway on a free port; `env` and the parts say what stands behind it. */
export async function startGateway({ env = {}, ...parts }: GatewayOptions = {}): Promise<TestGateway> {
  const log = testLog('api-gateway');
  const auth = await fakeAuth();
  const config = readConfig(settings, {
    NODE_ENV: 'test',
    SERVICE_TOKEN: 'k7Qw9xT2mZ4vB8nL1pR5sD3fG6hJ0aYc',
    ...env,
  });
  const built = await build(config, log.logger, { auth: auth.transport, ...parts });
  const url = await built.app.listen({ host: '127.0.0.1', port: 0 });
  let closing: Promise<void> | undefined;
  const close = () => (closing ??= closeAll(built, log.logger));
  return { url, auth, log, close, [Symbol.asyncDispose]: close };
}

/** Environment with every service at one address. */
export const allAt = (url: string): Record<string, string> => ({
  AUTH_URL: url,
  CORE_URL: url,
  MCP_URL: url,
});
