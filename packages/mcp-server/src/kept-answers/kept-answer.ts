import { createHmac } from 'node:crypto';
import { createSealer, Secret } from '@smart-ai-hub/shared/service';
import { z } from 'zod';
import type { Outlet } from '../completions/outlet.ts';

/** Bytes of an answer that is kept, at most. */
export const LARGEST_KEPT = 1024 * 1024;

/** An answer as its caller got it: whole, a vendor's refusal, or the events of a stream. */
const keptAnswer = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('whole'), text: z.string() }),
  z.strictObject({ kind: z.literal('refusal'), status: z.int(), text: z.string() }),
  z.strictObject({ kind: z.literal('events'), text: z.string() }),
]);
export type KeptAnswer = z.output<typeof keptAnswer>;

export async function tellAgain(outlet: Outlet, answer: KeptAnswer): Promise<void> {
  if (answer.kind === 'whole') return outlet.whole(answer.text);
  if (answer.kind === 'refusal') return outlet.refusal(answer.status, answer.text);
  const sink = outlet.events();
  await sink.write(answer.text);
  sink.end();
}

/** What tells this text from others and does not tell it; other for each purpose. */
export const digestOf = (purpose: string, text: string): string =>
  createHmac('sha256', purpose).update(text).digest('base64url');

/**
 * Seals answers with a key made of the request that they answer: who reads the store without the request reads
 * nothing (decision 0026). `place` is where the answer is kept, and opens nowhere else.
 */
export function answerSealer(request: string) {
  const sealer = createSealer(new Secret(digestOf('seal', request)));
  return {
    seal: (answer: KeptAnswer, place: string): string =>
      Buffer.from(sealer.seal(JSON.stringify(answer), place)).toString('base64'),
    /** Throws where it was not sealed for this request and place. */
    open: (sealed: string, place: string): KeptAnswer =>
      keptAnswer.parse(JSON.parse(sealer.open(Buffer.from(sealed, 'base64'), place))),
  };
}
