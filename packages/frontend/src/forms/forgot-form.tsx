import { accountContract } from '@smart-ai-hub/shared/contracts';
import { useTranslation } from 'react-i18next';
import { useHub } from '../api/app-context.tsx';
import { TextField } from '../ui/field.tsx';
import { ErrorNotice } from '../ui/notice.tsx';
import { SubmitButton } from './submit-button.tsx';
import { useForm } from './use-form.tsx';

export function ForgotForm({ onAsked }: { onAsked: () => void }) {
  const { t } = useTranslation();
  const { recovery } = useHub();
  const form = useForm({
    schema: accountContract.forgotPassword.body,
    submit: async (body) => {
      await recovery.forgotPassword({ body });
      onAsked();
    },
  });
  return (
    <form {...form.bind} className="grid gap-5">
      {form.error && <ErrorNotice error={form.error} />}
      <TextField
        {...form.field('email')}
        label={t('account.fields.email')}
        type="email"
        autoComplete="username"
      />
      <SubmitButton label={t('recovery.forgot.submit')} sending={form.sending} />
    </form>
  );
}
