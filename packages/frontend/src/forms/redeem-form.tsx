import { type CallOutput, promosContract } from '@smart-ai-hub/shared/contracts';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useHub } from '../api/app-context.tsx';
import { formatCredits, formatWhen } from '../i18n/format.ts';
import { useLanguage } from '../i18n/use-language.tsx';
import { TextField } from '../ui/field.tsx';
import { ErrorNotice } from '../ui/notice.tsx';
import { StatusLine } from '../ui/status-line.tsx';
import { FormButtons } from './form-buttons.tsx';
import { useForm } from './use-form.tsx';

type Offer = CallOutput<typeof promosContract.validatePromoCode> & { code: string };
export type Redeemed = CallOutput<typeof promosContract.redeemPromoCode>;

function OfferLine({ offer }: { offer: Offer | undefined }) {
  const { t } = useTranslation();
  const language = useLanguage();
  if (!offer) return <StatusLine text={undefined} />;
  const { code, creditsMicro, expiresAt } = offer;
  const gives = t('overview.redeem.gives', { code, amount: formatCredits(creditsMicro, language) });
  const until = expiresAt && t('overview.redeem.until', { when: formatWhen(expiresAt, language) });
  return <StatusLine text={until ? `${gives} ${until}` : gives} />;
}

interface RedeemFormProps {
  onRedeemed: (redeemed: Redeemed) => Promise<void>;
  onCancel: () => void;
}

/** Sent once, it says what the code gives; sent again, it takes that. */
export function RedeemForm({ onRedeemed, onCancel }: RedeemFormProps) {
  const { t } = useTranslation();
  const { promos } = useHub();
  const [offer, setOffer] = useState<Offer>();
  const form = useForm({
    schema: promosContract.redeemPromoCode.body,
    submit: async (body) => {
      setOffer(undefined); // one try for each offer: after a refusal, it may be another one
      if (offer?.code === body.code) await onRedeemed(await promos.redeemPromoCode({ body }));
      else setOffer({ ...body, ...(await promos.validatePromoCode({ body })) });
    },
  });
  return (
    <form {...form.bind} className="grid gap-5 pt-3">
      {form.error && <ErrorNotice error={form.error} />}
      <TextField
        {...form.field('code')}
        label={t('overview.redeem.code')}
        onChange={() => setOffer(undefined)}
        maxLength={60}
        autoComplete="off"
        autoCapitalize="characters"
        spellCheck={false}
      />
      <OfferLine offer={offer} />
      <FormButtons
        submit={t(offer ? 'overview.redeem.submit' : 'overview.redeem.check')}
        sending={form.sending}
        cancel={t('overview.redeem.cancel')}
        onCancel={onCancel}
      />
    </form>
  );
}
