import { keysContract } from '@smart-ai-hub/shared/contracts';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { useHub } from '../api/app-context.tsx';
import { Button } from '../ui/button.tsx';
import { SelectField, TextField } from '../ui/field.tsx';
import { ErrorNotice } from '../ui/notice.tsx';
import { expiryOf, KEY_LIFETIME_NAMES } from './key-expiry.ts';
import { useForm } from './use-form.tsx';

const fields = z.object({
  name: keysContract.createKey.body.shape.name,
  lifetime: z.enum(KEY_LIFETIME_NAMES),
});

interface CreateKeyFormProps {
  onMade: (key: string) => void;
  onCancel: () => void;
}

export function CreateKeyForm({ onMade, onCancel }: CreateKeyFormProps) {
  const { t } = useTranslation();
  const { keys } = useHub();
  const form = useForm({
    schema: fields,
    submit: async ({ name, lifetime }) => {
      const expiresAt = expiryOf(lifetime);
      onMade((await keys.createKey({ body: { name, expiresAt } })).key);
    },
  });
  return (
    <form {...form.bind} className="grid gap-5 pt-3">
      {form.error && <ErrorNotice error={form.error} />}
      <TextField
        {...form.field('name')}
        label={t('keys.form.name')}
        hint={t('keys.form.nameHint')}
        autoComplete="off"
        maxLength={80}
      />
      <SelectField {...form.field('lifetime')} label={t('keys.form.expiry')}>
        {KEY_LIFETIME_NAMES.map((name) => (
          <option key={name} value={name}>
            {t(`keys.form.expiries.${name}`)}
          </option>
        ))}
      </SelectField>
      <div className="flex justify-end gap-2">
        <Button tone="plain" onClick={onCancel}>
          {t('keys.form.cancel')}
        </Button>
        <Button type="submit" tone="primary" aria-disabled={form.sending}>
          {form.sending ? t('forms.working') : t('keys.form.submit')}
        </Button>
      </div>
    </form>
  );
}
