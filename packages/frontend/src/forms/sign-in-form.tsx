import { authContract, type SecondFactorNeeded, type Session } from '@smart-ai-hub/shared/contracts';
import { useTranslation } from 'react-i18next';
import { useHub } from '../api/app-context.tsx';
import { TextField } from '../ui/field.tsx';
import { ErrorNotice } from '../ui/notice.tsx';
import { PasswordField } from '../ui/password-field.tsx';
import { SubmitButton } from './submit-button.tsx';
import { useForm } from './use-form.tsx';

interface SignInFormProps {
  onSession: (session: Session) => void;
  onSecondFactor: (needed: SecondFactorNeeded['secondFactor']) => void;
}

export function SignInForm({ onSession, onSecondFactor }: SignInFormProps) {
  const { t } = useTranslation();
  const { visitor } = useHub();
  const form = useForm({
    schema: authContract.login.body,
    submit: async (body) => {
      const outcome = await visitor.login({ body });
      if ('secondFactor' in outcome) onSecondFactor(outcome.secondFactor);
      else onSession(outcome);
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
      <PasswordField {...form.field('password')} autoComplete="current-password" />
      <SubmitButton label={t('account.signIn.submit')} sending={form.sending} />
    </form>
  );
}
