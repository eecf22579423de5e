import { CLIENT_CAPABILITIES_META_KEY, type ServerContext } from '@modelcontextprotocol/server';
import { z } from 'zod';

/** Part of revision 2026-07-28, and on its way out of the protocol. */
const LOG_LEVEL = 'io.modelcontextprotocol/logLevel';
/** What clients of before hear, who always did: a server of today has to be told. */
const USUAL_LEVEL = 'info';

const envelope = z.looseObject({
  [CLIENT_CAPABILITIES_META_KEY]: z.looseObject({ elicitation: z.unknown().optional() }).optional(),
  [LOG_LEVEL]: z.string().optional(),
});

/** What a client of today says of itself with each message; those of before said it once, to nobody who remembers. */
export function envelopeOf({ mcpReq }: ServerContext) {
  const { data } = envelope.safeParse(mcpReq.envelope);
  return (
    data && {
      capabilities: data[CLIENT_CAPABILITIES_META_KEY] ?? {},
      logLevel: data[LOG_LEVEL],
    }
  );
}

/** True for a client that can ask its person for something in the middle of a call. */
export const canBeAsked = (call: ServerContext): boolean =>
  envelopeOf(call)?.capabilities.elicitation !== undefined;

/** What a server is told of the client behind the hub: what it can do, and how much it wants to hear. */
export function clientMeta(call: ServerContext): Record<string, unknown> {
  const { capabilities, logLevel } = envelopeOf(call) ?? { logLevel: USUAL_LEVEL };
  return {
    ...(capabilities && { [CLIENT_CAPABILITIES_META_KEY]: capabilities }),
    ...(logLevel !== undefined && { [LOG_LEVEL]: logLevel }),
  };
}

/** Clients of today hear what is logged where they ask for it; those of before always did. */
export function hearsLogs(call: ServerContext): boolean {
  const said = envelopeOf(call);
  return said === undefined || said.logLevel !== undefined;
}
