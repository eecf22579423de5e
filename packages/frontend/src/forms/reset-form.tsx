import { accountContract } from '@smart-ai-hub/shared/contracts';
import { useTranslation } from 'react-i18next';
import { useHub } from '../api/app-context.tsx';
import { ErrorNotice } from '../ui/notice.tsx';
import { PasswordField } from '../ui/password-field.tsx';
import { SubmitButton } from './submit-button.tsx';
import { useForm } from './use-form.tsx';

export function ResetForm({ token, onSet }: { token: string; onSet: () => void }) {
  const { t } = useTranslation();
  const { recovery } = useHub();
  const form = useForm({
    schema: accountContract.resetPassword.body,
    values: { token },
    submit: async (body) => {
      await recovery.resetPassword({ body });
      onSet();
    },
  });
  return (
    <form {...form.bind} className="grid gap-5">
      {form.error && <ErrorNotice error={form.error} />}
      <PasswordField
        {...form.field('password')}
        label={t('profile.password.next')}
        hint={t('account.fields.newPasswordHint')}
        autoComplete="new-password"
      />
      <SubmitButton label={t('recovery.reset.submit')} sending={form.sending} />
    </form>
  );
}
