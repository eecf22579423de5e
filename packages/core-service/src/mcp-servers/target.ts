import { type McpTransport, shownTransport } from '@smart-ai-hub/shared/contracts';
import { z } from 'zod';

const [http, stdio] = shownTransport.options;
/** How a server is reached, without what is secret of it. */
const target = z.discriminatedUnion('type', [
  http.omit({ headerNames: true }),
  stdio.omit({ envNames: true }),
]);
export type Target = z.output<typeof target>;

/** The part of a transport that is stored as it is. */
export const targetOf = (transport: McpTransport): Target => target.parse(transport);

/** A server's own, as it was given. */
export const targetIn = (row: { target: unknown }): Target => target.parse(row.target);
