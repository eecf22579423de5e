import { authContract, type Session } from '@smart-ai-hub/shared/contracts';
import { useTranslation } from 'react-i18next';
import { useHub } from '../api/app-context.tsx';
import { useLanguage } from '../i18n/use-language.tsx';
import { TextField } from '../ui/field.tsx';
import { ErrorNotice } from '../ui/notice.tsx';
import { PasswordField } from '../ui/password-field.tsx';
import { SubmitButton } from './submit-button.tsx';
import { useForm } from './use-form.tsx';

export function SignUpForm({ onSession }: { onSession: (session: Session) => void }) {
  const { t } = useTranslation();
  const { visitor } = useHub();
  const form = useForm({
    schema: authContract.register.body,
    values: { locale: useLanguage() },
    submit: async (body) => onSession(await visitor.register({ body })),
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
      <PasswordField
        {...form.field('password')}
        hint={t('account.fields.newPasswordHint')}
        autoComplete="new-password"
      />
      <SubmitButton label={t('account.signUp.submit')} sending={form.sending} />
    </form>
  );
}
