import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useHub } from '../../api/app-context.tsx';
import type { ModelOffer } from '../../api/model-offer.ts';
import { balanceQuery } from '../../api/queries.ts';
import type { Asking } from '../../chat/keeper.ts';
import { totalsOf } from '../../chat/totals.ts';
import type { Turn } from '../../chat/turn.ts';
import { askingFields, type AskingFields } from '../../forms/asking-fields.ts';
import { FormButtons } from '../../forms/form-buttons.tsx';
import { useForm } from '../../forms/use-form.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { AreaField, TextField } from '../../ui/field.tsx';
import { Count, Credits } from '../../ui/figures.tsx';
import { ErrorNotice } from '../../ui/notice.tsx';

function Line({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="flex items-baseline justify-between gap-3">
      <dt className="text-ink-soft">{name}</dt>
      <dd className="font-medium">{children}</dd>
    </div>
  );
}

/** What the conversation used so far, and what the model costs. */
function Totals({ turns, offer: { price } }: { turns: readonly Turn[]; offer: ModelOffer }) {
  const { t } = useTranslation();
  const balance = useQuery(balanceQuery(useHub()));
  const totals = totalsOf(turns);
  return (
    <dl className="grid gap-1.5 rounded-lg bg-sunken p-4 text-sm">
      <Line name={t('chat.total.tokensIn')}>
        <Count value={totals.tokensIn} />
      </Line>
      <Line name={t('chat.total.tokensOut')}>
        <Count value={totals.tokensOut} />
      </Line>
      <Line name={t('chat.total.cost')}>
        {totals.settling && '≈ '}
        <Credits micro={totals.costMicro} />
      </Line>
      <Line name={t('chat.total.balance')}>
        {balance.data ? <Credits micro={balance.data.availableMicro} /> : '–'}
      </Line>
      <Line name={t('chat.total.priceIn')}>
        {price ? <Credits micro={price.inputMicroPerMillion} /> : t('models.unpriced')}
      </Line>
      <Line name={t('chat.total.priceOut')}>
        {price ? <Credits micro={price.outputMicroPerMillion} /> : t('models.unpriced')}
      </Line>
    </dl>
  );
}

interface AskingFormProps {
  asking: Asking;
  submit: (fields: AskingFields) => Promise<void>;
  onCancel: () => void;
}

function AskingForm({ asking, submit, onCancel }: AskingFormProps) {
  const { t } = useTranslation();
  const form = useForm({ schema: askingFields, submit });
  return (
    <form {...form.bind} className="grid gap-5">
      {form.error && <ErrorNotice error={form.error} />}
      <AreaField
        {...form.field('system')}
        label={t('chat.asking.system')}
        hint={t('chat.asking.systemHint')}
        defaultValue={asking.system}
        maxLength={20_000}
      />
      <TextField
        {...form.field('temperature')}
        label={t('chat.asking.temperature')}
        hint={t('chat.asking.temperatureHint')}
        defaultValue={asking.temperature ?? ''}
        inputMode="decimal"
        autoComplete="off"
      />
      <TextField
        {...form.field('maxTokens')}
        label={t('chat.asking.maxTokens')}
        hint={t('chat.asking.maxTokensHint')}
        defaultValue={asking.maxTokens ?? ''}
        inputMode="numeric"
        autoComplete="off"
      />
      <FormButtons
        submit={t('chat.asking.save')}
        sending={form.sending}
        cancel={t('chat.asking.cancel')}
        onCancel={onCancel}
      />
    </form>
  );
}

interface AskingDialogProps extends Omit<AskingFormProps, 'onCancel'> {
  open: boolean;
  onClose: () => void;
  turns: readonly Turn[];
  offer: ModelOffer;
}

/** How the next question is asked, and what the conversation has cost. */
export function AskingDialog({ open, onClose, turns, offer, asking, submit }: AskingDialogProps) {
  const { t } = useTranslation();
  return (
    <Dialog open={open} onClose={onClose} title={t('chat.asking.title')}>
      <div className="grid gap-5">
        <Totals turns={turns} offer={offer} />
        <AskingForm asking={asking} submit={submit} onCancel={onClose} />
      </div>
    </Dialog>
  );
}
