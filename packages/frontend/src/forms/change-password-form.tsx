import { accountContract } from '@smart-ai-hub/shared/contracts';
import { useTranslation } from 'react-i18next';
import { useHub } from '../api/app-context.tsx';
import { ErrorNotice } from '../ui/notice.tsx';
import { PasswordField } from '../ui/password-field.tsx';
import { SubmitButton } from './submit-button.tsx';
import { useForm } from './use-form.tsx';

export function ChangePasswordForm({ onChanged }: { onChanged: () => void }) {
  const { t } = useTranslation();
  const { account } = useHub();
  const form = useForm({
    schema: accountContract.changePassword.body,
    submit: async (body) => {
      await account.changePassword({ body });
      onChanged();
    },
  });
  return (
    <form {...form.bind} className="grid gap-5">
      {form.error && <ErrorNotice error={form.error} />}
      <PasswordField
        {...form.field('password')}
        label={t('profile.password.present')}
        autoComplete="current-password"
      />
      <PasswordField
        {...form.field('newPassword')}
        label={t('profile.password.next')}
        hint={t('account.fields.newPasswordHint')}
        autoComplete="new-password"
      />
      <SubmitButton label={t('profile.password.submit')} sending={form.sending} />
    </form>
  );
}
