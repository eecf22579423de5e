import type { Provider, ProviderAnswer } from '../providers/provider.ts';
import { LastingFailure } from '../providers/provider-failure.ts';
import { readText } from '../providers/read-text.ts';
import { MAX_ERROR } from '../providers/refusal.ts';
import type { Translation } from '../translation/translation.ts';
import { parseObject } from './measure.ts';
import type { Outlet } from './outlet.ts';

interface Refused {
  provider: Pick<Provider, 'name'>;
  translation: Translation | undefined;
}

/** A vendor that refused the caller's request: its words, where it has any that are about that. */
export async function passRefusal(
  outlet: Outlet,
  answer: ProviderAnswer,
  { provider: { name: provider }, translation }: Refused,
): Promise<void> {
  const text = await readText(answer, MAX_ERROR, provider);
  const told = parseObject(text) && (translation ? translation.refusal(text, answer.status) : text);
  if (told === undefined)
    throw new LastingFailure('provider-failed', { detail: `${provider} answered with an error` });
  await outlet.refusal(answer.status, told);
}
