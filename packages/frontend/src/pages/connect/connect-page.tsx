import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useHub } from '../../api/app-context.tsx';
import type { ModelOffer } from '../../api/model-offer.ts';
import { offersQuery } from '../../api/queries.ts';
import { NO_KEY } from '../../connect/setups.ts';
import { Empty } from '../../ui/empty.tsx';
import { SelectField } from '../../ui/field.tsx';
import { Page } from '../../ui/page.tsx';
import { Queried } from '../../ui/queried.tsx';
import { CreateKeyDialog } from '../keys/create-key-dialog.tsx';
import { KeyLine } from './key-line.tsx';
import { SetupTabs } from './setup-tabs.tsx';

/** The new key stands in this component alone, and is gone when the page is left. */
function Setups({ offers, first }: { offers: readonly ModelOffer[]; first: ModelOffer }) {
  const { t } = useTranslation();
  const [model, setModel] = useState(first.id);
  const [key, setKey] = useState<string>();
  const [making, setMaking] = useState(false);
  const { origin } = window.location;
  return (
    <>
      <div className="grid gap-4">
        <KeyLine known={key !== undefined} onMake={() => setMaking(true)} />
        <SelectField
          label={t('connect.model')}
          hint={t('connect.modelHint')}
          value={model}
          onChange={(event) => setModel(event.target.value)}
        >
          {offers.map(({ id }) => (
            <option key={id}>{id}</option>
          ))}
        </SelectField>
      </div>
      <SetupTabs access={{ origin, key: key ?? NO_KEY, model }} />
      <CreateKeyDialog open={making} onClose={() => setMaking(false)} onMade={setKey} />
    </>
  );
}

export function ConnectPage() {
  const { t } = useTranslation();
  const offers = useQuery(offersQuery(useHub()));
  return (
    <Page title={t('connect.title')} text={t('connect.text')}>
      <Queried query={offers}>
        {(data) => {
          if (data[0]) return <Setups offers={data} first={data[0]} />;
          return <Empty icon="models" title={t('models.empty')} text={t('models.emptyText')} />;
        }}
      </Queried>
    </Page>
  );
}
