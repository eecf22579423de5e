import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useHub } from '../../api/app-context.tsx';
import { findOffers, type ModelOffer } from '../../api/model-offer.ts';
import { offersQuery } from '../../api/queries.ts';
import { Empty } from '../../ui/empty.tsx';
import { INPUT_CLASS } from '../../ui/field.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Card, Page } from '../../ui/page.tsx';
import { Queried } from '../../ui/queried.tsx';
import { ModelTable } from './model-table.tsx';

function Found({ offers, search }: { offers: readonly ModelOffer[]; search: string }) {
  const { t } = useTranslation();
  const found = findOffers(offers, search);
  if (found.length > 0) return <ModelTable offers={found} />;
  if (offers.length > 0) {
    return <Empty icon="search" title={t('models.noMatch', { search })} text={t('models.noMatchText')} />;
  }
  return <Empty icon="models" title={t('models.empty')} text={t('models.emptyText')} />;
}

function SearchField({ onChange }: { onChange: (text: string) => void }) {
  const { t } = useTranslation();
  return (
    <div className="relative w-full sm:w-64">
      <Icon name="search" className="pointer-events-none absolute top-3 left-3 size-4.5 text-ink-faint" />
      <input
        type="search"
        aria-label={t('models.search')}
        placeholder={t('models.search')}
        className={`${INPUT_CLASS} h-10.5 pl-9.5`}
        onChange={(event) => onChange(event.target.value)}
      />
    </div>
  );
}

export function ModelsPage() {
  const { t } = useTranslation();
  const offers = useQuery(offersQuery(useHub()));
  const [search, setSearch] = useState('');
  return (
    <Page title={t('models.title')} text={t('models.text')} action={<SearchField onChange={setSearch} />}>
      <Card className="overflow-hidden">
        <Queried query={offers}>{(data) => <Found offers={data} search={search} />}</Queried>
      </Card>
    </Page>
  );
}
