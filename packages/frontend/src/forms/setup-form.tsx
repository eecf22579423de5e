import { authContract, type Session } from '@smart-ai-hub/shared/contracts';
import { useTranslation } from 'react-i18next';
import { useHub } from '../api/app-context.tsx';
import { TextField } from '../ui/field.tsx';
import { ErrorNotice } from '../ui/notice.tsx';
import { PasswordField } from '../ui/password-field.tsx';
import { SubmitButton } from './submit-button.tsx';
import { useForm } from './use-form.tsx';

interface SetupFormProps {
  /** From the address; empty where it has to be typed. */
  token: string;
  onSession: (session: Session) => void;
}

export function SetupForm({ token, onSession }: SetupFormProps) {
  const { t } = useTranslation();
  const { visitor } = useHub();
  const form = useForm({
    schema: authContract.setup.body,
    submit: async (body) => onSession(await visitor.setup({ body })),
  });
  return (
    <form {...form.bind} className="grid gap-5">
      {form.error && <ErrorNotice error={form.error} />}
      <TextField
        {...form.field('token')}
        label={t('account.fields.token')}
        hint={t('account.fields.tokenHint')}
        defaultValue={token}
        autoComplete="off"
        spellCheck={false}
      />
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
      <SubmitButton label={t('account.setup.submit')} sending={form.sending} />
    </form>
  );
}
