import { accountContract } from '@smart-ai-hub/shared/contracts';
import { useTranslation } from 'react-i18next';
import { useHub } from '../api/app-context.tsx';
import { TextField } from '../ui/field.tsx';
import { ErrorNotice } from '../ui/notice.tsx';
import { SubmitButton } from './submit-button.tsx';
import { useForm } from './use-form.tsx';

export function ChangeEmailForm({ onMailed }: { onMailed: (email: string) => void }) {
  const { t } = useTranslation();
  const { account } = useHub();
  const form = useForm({
    schema: accountContract.changeEmail.body,
    submit: async (body) => {
      await account.changeEmail({ body });
      onMailed(body.email);
    },
  });
  return (
    <form {...form.bind} className="grid gap-5">
      {form.error && <ErrorNotice error={form.error} />}
      <TextField
        {...form.field('email')}
        label={t('profile.email.next')}
        hint={t('profile.email.hint')}
        type="email"
        autoComplete="email"
      />
      <SubmitButton label={t('profile.email.submit')} sending={form.sending} />
    </form>
  );
}
