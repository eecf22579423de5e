import type { PromoBatch } from '../../forms/promo-fields.ts';
import { creditsText } from '../../forms/typed-values.ts';

type Terms = Pick<PromoBatch, 'creditsMicro' | 'maxUses' | 'expiresAt'>;

/** Codes with what whoever hands them out has to know (RFC 4180); nothing in it needs quotes. */
export function batchCsv(codes: readonly string[], { creditsMicro, maxUses, expiresAt }: Terms): string {
  const terms = [creditsText(creditsMicro), maxUses ?? '', expiresAt ?? ''].join(',');
  return ['code,credits,maxUses,expiresAt', ...codes.map((code) => `${code},${terms}`), ''].join('\r\n');
}
