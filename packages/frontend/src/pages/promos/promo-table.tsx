import type { PromoCode } from '@smart-ai-hub/shared/contracts';
import { useTranslation } from 'react-i18next';
import { formatCount } from '../../i18n/format.ts';
import { useLanguage } from '../../i18n/use-language.tsx';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Credits, When } from '../../ui/figures.tsx';
import { Cell, HeadCell, Table } from '../../ui/table.tsx';
import { promoState } from './promo-state.ts';

export function PromoBadge({ promo }: { promo: PromoCode }) {
  const { t } = useTranslation();
  const state = promoState(promo);
  return <Badge tone={state === 'open' ? 'good' : 'quiet'}>{t(`promos.states.${state}`)}</Badge>;
}

/** How often a code was redeemed, of how often it may be. */
export function useUsesWords() {
  const { t } = useTranslation();
  const language = useLanguage();
  return ({ usedCount, maxUses }: PromoCode) => {
    const used = formatCount(usedCount, language);
    return maxUses === null ? used : t('promos.usesOf', { used, max: formatCount(maxUses, language) });
  };
}

export function Expiry({ at }: { at: string | null }) {
  const { t } = useTranslation();
  return at === null ? t('promos.never') : <When at={at} />;
}

function PromoRow({ promo, onOpen }: { promo: PromoCode; onOpen: () => void }) {
  const { t } = useTranslation();
  const usesWords = useUsesWords();
  const { code, description, creditsMicro, expiresAt } = promo;
  return (
    <tr>
      <Cell className="max-md:w-full">
        <span className="mr-2 font-mono font-medium break-all">{code}</span>
        <PromoBadge promo={promo} />
        {description && <span className="block text-sm break-words text-ink-soft">{description}</span>}
        <span className="grid text-sm text-ink-faint md:hidden">
          <span>
            {t('promos.credits')}: <Credits micro={creditsMicro} />
          </span>
          <span>
            {t('promos.uses')}: {usesWords(promo)}
          </span>
          <span>
            {t('promos.expires')}: <Expiry at={expiresAt} />
          </span>
        </span>
      </Cell>
      <Cell numeric wideOnly>
        <Credits micro={creditsMicro} />
      </Cell>
      <Cell numeric wideOnly className="figures whitespace-nowrap">
        {usesWords(promo)}
      </Cell>
      <Cell wideOnly className="text-ink-soft">
        <Expiry at={expiresAt} />
      </Cell>
      <Cell numeric>
        <Button size="small" aria-label={t('promos.detailsNamed', { code })} onClick={onOpen}>
          {t('promos.details')}
        </Button>
      </Cell>
    </tr>
  );
}

interface PromoTableProps {
  promos: PromoCode[];
  onOpen: (promo: PromoCode) => void;
}

export function PromoTable({ promos, onOpen }: PromoTableProps) {
  const { t } = useTranslation();
  return (
    <Table label={t('promos.title')}>
      <thead>
        <tr>
          <HeadCell>{t('promos.code')}</HeadCell>
          <HeadCell numeric wideOnly>
            {t('promos.credits')}
          </HeadCell>
          <HeadCell numeric wideOnly>
            {t('promos.uses')}
          </HeadCell>
          <HeadCell wideOnly>{t('promos.expires')}</HeadCell>
          <HeadCell numeric>
            <span className="sr-only">{t('promos.actions')}</span>
          </HeadCell>
        </tr>
      </thead>
      <tbody>
        {promos.map((promo) => (
          <PromoRow key={promo.id} promo={promo} onOpen={() => onOpen(promo)} />
        ))}
      </tbody>
    </Table>
  );
}
