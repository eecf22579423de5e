import { type KeptMcpServer, mcpServersContract } from '@smart-ai-hub/shared/contracts';
import { z } from 'zod';
import { count, credits, required } from './typed-values.ts';

const { shape } = mcpServersContract.updateMcpServer.body;

/** How a server is reached, while it is typed. */
export interface TypedTransport {
  type: string;
  url: string;
  command: string;
  /** One a line. */
  args: string;
  secrets: readonly SecretRow[];
  maxMemoryMb: string;
  maxChildren: string;
  idleSeconds: string;
}

export interface SecretRow {
  /** Its own while the form is open. */
  key: string;
  name: string;
  value: string;
}

const LIMITS = { maxMemoryMb: 512, maxChildren: 8, idleSeconds: 300 };
const limitsText = ({ maxMemoryMb, maxChildren, idleSeconds }: typeof LIMITS) => ({
  ...{ maxMemoryMb: String(maxMemoryMb), maxChildren: String(maxChildren) },
  idleSeconds: String(idleSeconds),
});

/** A new server before anything is typed; or one that is there, as it would be typed. */
export function typedTransport(server: KeptMcpServer | undefined): TypedTransport {
  const none = { type: 'http', url: '', command: '', args: '', secrets: [], ...limitsText(LIMITS) };
  if (!server) return none;
  const { transport } = server;
  if (transport.type === 'http') return { ...none, url: transport.url };
  const { command, args } = transport;
  return { ...none, type: 'stdio', command, args: args.join('\n'), ...limitsText(transport) };
}

/** What was typed, for the contract to judge; secrets that nobody typed are not said. */
export function transportOf({ secrets, ...typed }: TypedTransport) {
  const given = secrets.map(({ name, value }) => ({ name: name.trim(), value: value.trim() }));
  if (typed.type === 'http')
    return { type: 'http', url: typed.url.trim(), ...(given.length > 0 && { headers: given }) };
  return {
    ...{ type: 'stdio', command: typed.command, args: typed.args.split('\n').filter(Boolean) },
    ...{ maxMemoryMb: Number(typed.maxMemoryMb), maxChildren: Number(typed.maxChildren) },
    ...{ idleSeconds: Number(typed.idleSeconds), ...(given.length > 0 && { env: given }) },
  };
}

/** A box that is not ticked is not there. */
const ticked = z
  .literal('on')
  .optional()
  .transform((value) => value === 'on');

/** What it takes to ask a server. */
export const askFields = z.object({ transport: shape.transport.unwrap() });

export const serverFields = askFields.extend({
  name: required.pipe(shape.name.unwrap()),
  era: shape.era.unwrap(),
  timeoutMs: count.pipe(shape.timeoutMs.unwrap()),
  maxResultBytes: count.pipe(shape.maxResultBytes.unwrap()),
  perPerson: ticked,
});
export type ServerFields = z.output<typeof serverFields>;

const rules = mcpServersContract.updateMcpTools.body.shape;

/** Who may use a tool, and when it asks first; no role is all of them. */
export const ruleFields = z.object({
  permission: rules.permission.unwrap(),
  roles: z
    .array(z.string())
    .transform((chosen) => (chosen.length > 0 ? chosen : null))
    .pipe(rules.roles.unwrap()),
  openToGuests: ticked,
  confirm: ticked,
  confirmAboveMicro: credits.pipe(rules.confirmAboveMicro.unwrap()),
});
export type RuleFields = z.output<typeof ruleFields>;
