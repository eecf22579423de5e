import type { PromoCode } from '@smart-ai-hub/shared/contracts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useHub } from '../../api/app-context.tsx';
import { forgetPromos } from '../../api/promo-queries.ts';
import { useMay } from '../../api/use-scopes.ts';
import { PromoChangeForm } from '../../forms/promo-change-form.tsx';
import { Button } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Credits, When } from '../../ui/figures.tsx';
import { ErrorNotice } from '../../ui/notice.tsx';
import { Expiry, PromoBadge, useUsesWords } from './promo-table.tsx';
import { Redemptions } from './redemptions.tsx';

function Facts({ promo }: { promo: PromoCode }) {
  const { t } = useTranslation();
  const usesWords = useUsesWords();
  const facts = [
    [t('promos.state'), <PromoBadge key="state" promo={promo} />],
    [t('promos.credits'), <Credits key="credits" micro={promo.creditsMicro} />],
    [t('promos.uses'), usesWords(promo)],
    [t('promos.expires'), <Expiry key="expires" at={promo.expiresAt} />],
    [t('promos.created'), <When key="created" at={promo.createdAt} />],
  ] as const;
  return (
    <>
      {promo.description && <p className="break-words text-ink-soft">{promo.description}</p>}
      <dl className="grid gap-2">
        {facts.map(([name, value]) => (
          <div key={name} className="flex justify-between gap-4">
            <dt className="text-ink-soft">{name}</dt>
            <dd className="text-right">{value}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}

interface DetailProps {
  promo: PromoCode;
  onClose: () => void;
  onDone: (said: string) => void;
}

type Act = 'change' | 'close' | 'reopen';

/** Has the lists look anew, and says what was done to a code. */
function useDone({ promo: { code }, onClose, onDone }: DetailProps) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  return async (act: Act) => {
    await forgetPromos(queries);
    onDone(t(`promos.done.${act}`, { code }));
    onClose();
  };
}

function Actions({ onChange, ...props }: DetailProps & { onChange: () => void }) {
  const { t } = useTranslation();
  const { promos } = useHub();
  const done = useDone(props);
  const { id, active } = props.promo;
  const act = active ? 'close' : 'reopen';
  const toggle = useMutation({
    mutationFn: () => promos.updatePromoCode({ params: { promoId: id }, body: { active: !active } }),
    onSuccess: () => done(act),
  });
  return (
    <>
      {toggle.error && <ErrorNotice error={toggle.error} />}
      <Button onClick={onChange}>{t('promos.act.change')}</Button>
      <Button disabled={toggle.isPending} onClick={() => toggle.mutate()}>
        {t(`promos.act.${act}`)}
      </Button>
    </>
  );
}

function Detail(props: DetailProps) {
  const { t } = useTranslation();
  const mayManage = useMay('promos:manage');
  const done = useDone(props);
  const [changing, setChanging] = useState(false);
  const { promo, onClose } = props;
  if (changing)
    return (
      <PromoChangeForm promo={promo} onChanged={() => done('change')} onCancel={() => setChanging(false)} />
    );
  return (
    <div className="grid gap-5">
      <Facts promo={promo} />
      <div className="flex flex-wrap justify-end gap-2">
        <Button tone="plain" onClick={onClose}>
          {t('promos.dismiss')}
        </Button>
        <CopyButton text={promo.code} />
        {mayManage && <Actions {...props} onChange={() => setChanging(true)} />}
      </div>
      <Redemptions promoId={promo.id} />
    </div>
  );
}

interface PromoDialogProps extends Omit<DetailProps, 'promo'> {
  /** The dialog is closed while there is none. */
  promo: PromoCode | undefined;
}

export function PromoDialog({ promo, ...handlers }: PromoDialogProps) {
  return (
    <Dialog open={promo !== undefined} onClose={handlers.onClose} title={promo?.code ?? ''}>
      {promo && <Detail promo={promo} {...handlers} />}
    </Dialog>
  );
}
