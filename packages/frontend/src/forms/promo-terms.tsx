import type { PromoCode } from '@smart-ai-hub/shared/contracts';
import { useTranslation } from 'react-i18next';
import { TextField } from '../ui/field.tsx';
import { momentText } from './typed-values.ts';

type Field = (name: string) => { name: string; error: string | undefined };

export function CreditsField({ field }: { field: Field }) {
  const { t } = useTranslation();
  return (
    <TextField
      {...field('creditsMicro')}
      label={t('promos.form.credits')}
      hint={t('promos.form.creditsHint')}
      inputMode="decimal"
      autoComplete="off"
    />
  );
}

interface PromoTermsProps {
  field: Field;
  maxUses: { label: string; value?: number | null };
  /** The code that is changed; a new one where there is none. */
  promo?: PromoCode;
}

/** For how many a code is, until when, and what it is for: of new codes, and of one that is changed. */
export function PromoTerms({ field, maxUses, promo }: PromoTermsProps) {
  const { t } = useTranslation();
  return (
    <>
      <TextField
        {...field('maxUses')}
        label={maxUses.label}
        hint={t('promos.form.maxUsesHint')}
        defaultValue={maxUses.value ?? ''}
        inputMode="numeric"
        autoComplete="off"
      />
      <TextField
        {...field('expiresAt')}
        type="datetime-local"
        label={t('promos.form.expiresAt')}
        hint={t('promos.form.expiresAtHint')}
        defaultValue={momentText(promo?.expiresAt)}
      />
      <TextField
        {...field('description')}
        label={t('promos.form.description')}
        hint={t('promos.form.descriptionHint')}
        defaultValue={promo?.description}
        maxLength={200}
        autoComplete="off"
      />
    </>
  );
}
