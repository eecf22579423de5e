import { creditParts, formatCount, formatCredits, formatWhen } from '../i18n/format.ts';
import { useLanguage } from '../i18n/use-language.tsx';

/** Credits in a column: six decimals, so that points align, with the idle zeros set back. */
export function CreditsCell({ micro, signed = false }: { micro: number; signed?: boolean }) {
  const [figure, zeros] = creditParts(micro, useLanguage(), signed);
  return (
    <span className="figures">
      {figure}
      <span className="text-ink-faint">{zeros}</span>
    </span>
  );
}

export function Credits({ micro }: { micro: number }) {
  return <span className="figures">{formatCredits(micro, useLanguage())}</span>;
}

export function Count({ value }: { value: number }) {
  return <span className="figures">{formatCount(value, useLanguage())}</span>;
}

export function When({ at }: { at: string }) {
  return (
    <time dateTime={at} className="figures whitespace-nowrap">
      {formatWhen(at, useLanguage())}
    </time>
  );
}
