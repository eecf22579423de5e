import { DomainError } from '@smart-ai-hub/shared/contracts';
import type { ProviderAnswer } from '../providers/provider.ts';
import { readText } from '../providers/read-text.ts';
import { parseObject } from './measure.ts';
import type { AnswerReader, HeardWhole } from './answer-reader.ts';

/** Bytes of an answer that is not a stream, at most. */
const MAX_ANSWER = 64 * 1024 * 1024;

export interface Completion extends HeardWhole {
  /** The answer as it came, to be passed on unchanged. */
  text: string;
}

/** Reads a whole answer, as `take` has room for it; rejects with `provider-failed` for one that is not a completion. */
export async function readCompletion(
  answer: ProviderAnswer,
  name: string,
  reader: Pick<AnswerReader, 'whole'>,
  take: (bytes: number) => Promise<void>,
): Promise<Completion> {
  const text = await readText(answer, MAX_ANSWER, name, take);
  const completion = parseObject(text);
  const read = completion && reader.whole(completion);
  if (read) return { text, ...read };
  throw new DomainError('provider-failed', { detail: `${name} answered something that is not a completion` });
}
