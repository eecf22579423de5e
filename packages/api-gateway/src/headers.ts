import type { IncomingHttpHeaders } from 'node:http';
import type { RequestScope } from '@smart-ai-hub/shared/service';
import type { Identity } from './identity.ts';
import { withoutCredentials } from './protocols.ts';

/** Between two neighbours only (RFC 9110, 7.6.1), or set anew by whoever sends. */
const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'host',
  'expect',
]);

/** What would tell a service who calls or from where: said by us, never by the caller. */
const IDENTITY =
  /^(authorization|cookie|forwarded|x-forwarded-.*|x-real-ip|x-client-ip|x-api-key|x-(user|actor|role|roles|auth|identity|internal|service|hub)(-.*)?)$/;

export interface Sender {
  identity: Identity | undefined;
  address: string;
  scope: RequestScope;
  /** Passed on where the service hears cookies. */
  cookie: string | undefined;
}

/** The headers that a service gets: the caller's own without what is between neighbours, and our word on who calls. */
export function headersFor(
  given: IncomingHttpHeaders,
  { identity, address, scope, cookie }: Sender,
): IncomingHttpHeaders {
  const headers = passOn(given, (name) => !IDENTITY.test(name));
  if (identity) headers.authorization = `Bearer ${identity.token}`;
  if (cookie !== undefined) headers.cookie = cookie;
  const { 'sec-websocket-protocol': protocols } = headers;
  delete headers['sec-websocket-protocol'];
  const others = withoutCredentials(protocols);
  if (others !== undefined) headers['sec-websocket-protocol'] = others;
  headers['x-forwarded-for'] = address;
  headers['x-request-id'] = scope.requestId;
  headers['traceparent'] = scope.traceparent;
  return headers;
}

/** A service's answer headers without what is between neighbours. */
export const answerHeaders = (given: IncomingHttpHeaders): IncomingHttpHeaders => passOn(given, () => true);

function passOn(given: IncomingHttpHeaders, wanted: (name: string) => boolean): IncomingHttpHeaders {
  const named = namedIn(given.connection);
  const headers: IncomingHttpHeaders = {};
  for (const name in given) {
    if (!HOP_BY_HOP.has(name) && !named.has(name) && wanted(name)) headers[name] = given[name];
  }
  return headers;
}

const NONE: ReadonlySet<string> = new Set();

/** What `Connection` names is between neighbours too. */
function namedIn(connection: string | undefined): ReadonlySet<string> {
  if (connection === undefined || connection === 'keep-alive' || connection === 'close') return NONE;
  return new Set(connection.split(',').map((name) => name.trim().toLowerCase()));
}
