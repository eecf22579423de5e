import type { Price } from '@smart-ai-hub/shared/contracts';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { formatCredits } from '../../i18n/format.ts';
import { useLanguage } from '../../i18n/use-language.tsx';
import { When } from '../../ui/figures.tsx';
import { Cell, HeadCell, Table } from '../../ui/table.tsx';

const AMOUNTS = [
  ['input', 'inputMicroPerMillion'],
  ['output', 'outputMicroPerMillion'],
  ['unit', 'unitMicro'],
] as const;

/** What a price says, in words: nothing of what it leaves free. */
export function usePriceWords() {
  const { t } = useTranslation();
  const language = useLanguage();
  const credits = (micro: number) => formatCredits(micro, language);
  return ({ inputMicroPerMillion, outputMicroPerMillion, unitMicro }: Price): string[] => [
    ...(inputMicroPerMillion > 0 || outputMicroPerMillion > 0 || unitMicro === 0
      ? [
          t('prices.perMillion', {
            input: credits(inputMicroPerMillion),
            output: credits(outputMicroPerMillion),
          }),
        ]
      : []),
    ...(unitMicro > 0 ? [t('prices.perUnit', { unit: credits(unitMicro) })] : []),
  ];
}

function PriceRow({ price, action }: { price: Price; action: ReactNode }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const words = usePriceWords()(price);
  return (
    <tr>
      <Cell className="max-lg:w-full">
        <code className="font-medium break-all">{price.model}</code>
        <span className="grid text-sm text-ink-faint lg:hidden">
          {words.map((one) => (
            <span key={one}>{one}</span>
          ))}
          <span>
            {t('prices.from')} <When at={price.effectiveAt} />
          </span>
        </span>
      </Cell>
      {AMOUNTS.map(([name, amount]) => (
        <Cell
          key={name}
          numeric
          wideOnly="very"
          className={price[amount] === 0 ? 'figures text-ink-faint' : 'figures'}
        >
          {price[amount] === 0 ? '–' : formatCredits(price[amount], language)}
        </Cell>
      ))}
      <Cell wideOnly="very" className="text-ink-soft">
        <When at={price.effectiveAt} />
      </Cell>
      <Cell numeric>{action}</Cell>
    </tr>
  );
}

interface PriceTableProps<P extends Price> {
  label: string;
  prices: readonly P[];
  action: (price: P) => ReactNode;
}

export function PriceTable<P extends Price>({ label, prices, action }: PriceTableProps<P>) {
  const { t } = useTranslation();
  return (
    <Table label={label}>
      <thead>
        <tr>
          <HeadCell>{t('prices.model')}</HeadCell>
          {AMOUNTS.map(([name]) => (
            <HeadCell key={name} numeric wideOnly="very">
              {t(`prices.${name}`)}
            </HeadCell>
          ))}
          <HeadCell wideOnly="very">{t('prices.from')}</HeadCell>
          <HeadCell numeric>
            <span className="sr-only">{t('prices.actions')}</span>
          </HeadCell>
        </tr>
      </thead>
      <tbody>
        {prices.map((price) => (
          <PriceRow key={price.id} price={price} action={action(price)} />
        ))}
      </tbody>
    </Table>
  );
}
