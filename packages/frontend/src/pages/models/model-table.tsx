import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { ModelOffer } from '../../api/model-offer.ts';
import { formatCredits } from '../../i18n/format.ts';
import { useLanguage } from '../../i18n/use-language.tsx';
import { buttonClass } from '../../ui/button.tsx';
import { Cell, HeadCell, Table } from '../../ui/table.tsx';

function usePriceWords({ price }: ModelOffer) {
  const { t } = useTranslation();
  const language = useLanguage();
  const words = (micro: number) => (micro === 0 ? t('models.free') : formatCredits(micro, language));
  if (!price) return { input: t('models.unpriced'), output: '', both: t('models.unpriced') };
  const input = words(price.inputMicroPerMillion);
  const output = words(price.outputMicroPerMillion);
  return { input, output, both: t('models.per', { input, output }) };
}

function ModelRow({ offer }: { offer: ModelOffer }) {
  const { t } = useTranslation();
  const price = usePriceWords(offer);
  return (
    <tr>
      <Cell>
        <code className="font-medium break-all">{offer.id}</code>
        <span className="block text-sm text-ink-faint md:hidden">{price.both}</span>
      </Cell>
      <Cell wideOnly className="text-ink-soft">
        {offer.owner}
      </Cell>
      <Cell numeric wideOnly className="figures">
        {price.input}
      </Cell>
      <Cell numeric wideOnly className="figures">
        {price.output}
      </Cell>
      <Cell numeric>
        <Link
          to="/chat"
          search={{ model: offer.id }}
          aria-label={t('models.tryNamed', { model: offer.id })}
          className={buttonClass({ size: 'small' })}
        >
          {t('models.try')}
        </Link>
      </Cell>
    </tr>
  );
}

export function ModelTable({ offers }: { offers: readonly ModelOffer[] }) {
  const { t } = useTranslation();
  return (
    <Table label={t('models.title')}>
      <thead>
        <tr>
          <HeadCell>{t('models.model')}</HeadCell>
          <HeadCell wideOnly>{t('models.owner')}</HeadCell>
          <HeadCell numeric wideOnly>
            {t('models.input')}
          </HeadCell>
          <HeadCell numeric wideOnly>
            {t('models.output')}
          </HeadCell>
          <HeadCell numeric>
            <span className="sr-only">{t('models.actions')}</span>
          </HeadCell>
        </tr>
      </thead>
      <tbody>
        {offers.map((offer) => (
          <ModelRow key={offer.id} offer={offer} />
        ))}
      </tbody>
    </Table>
  );
}
