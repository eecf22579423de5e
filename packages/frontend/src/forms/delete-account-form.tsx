import { accountContract } from '@smart-ai-hub/shared/contracts';
import { useTranslation } from 'react-i18next';
import { useHub } from '../api/app-context.tsx';
import { Button } from '../ui/button.tsx';
import { ErrorNotice } from '../ui/notice.tsx';
import { PasswordField } from '../ui/password-field.tsx';
import { useForm } from './use-form.tsx';

interface DeleteAccountFormProps {
  onDeleted: () => void;
  onKept: () => void;
}

export function DeleteAccountForm({ onDeleted, onKept }: DeleteAccountFormProps) {
  const { t } = useTranslation();
  const { account } = useHub();
  const form = useForm({
    schema: accountContract.deleteMe.body,
    submit: async (body) => {
      await account.deleteMe({ body });
      onDeleted();
    },
  });
  return (
    <form {...form.bind} className="grid gap-5">
      <p className="text-ink-soft">{t('profile.remove.text')}</p>
      {form.error && <ErrorNotice error={form.error} />}
      <PasswordField
        {...form.field('password')}
        label={t('profile.remove.password')}
        autoComplete="current-password"
      />
      <div className="flex flex-wrap justify-end gap-2">
        <Button onClick={onKept}>{t('profile.remove.keep')}</Button>
        <Button type="submit" tone="danger" aria-disabled={form.sending}>
          {form.sending ? t('forms.working') : t('profile.remove.confirm')}
        </Button>
      </div>
    </form>
  );
}
