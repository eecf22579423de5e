import { StringDecoder } from 'node:string_decoder';
import { DomainError } from '@smart-ai-hub/shared/contracts';
import { failureOf } from './provider-failure.ts';
import type { ProviderAnswer } from './provider.ts';

/** The body as text; one over `limit` bytes is cut off and refused. It is read as fast as `take` has room for its parts. */
export async function readText(
  answer: ProviderAnswer,
  limit: number,
  provider: string,
  take: (bytes: number) => Promise<void> = () => Promise.resolve(),
): Promise<string> {
  const decoder = new StringDecoder('utf8'); // part by part: a large answer is not in memory twice
  let text = '';
  let size = 0;
  try {
    for await (const chunk of answer.body) {
      size += chunk.length;
      if (size > limit) break;
      text += decoder.write(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
      await take(chunk.length);
    }
  } catch (error) {
    throw failureOf(error, provider);
  }
  if (size <= limit) return text + decoder.end();
  answer.cancel();
  throw new DomainError('provider-failed', { detail: `the answer of ${provider} is too large` });
}
