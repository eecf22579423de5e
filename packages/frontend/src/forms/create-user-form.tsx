import { usersContract } from '@smart-ai-hub/shared/contracts';
import { useTranslation } from 'react-i18next';
import { useHub } from '../api/app-context.tsx';
import { LANGUAGES } from '../i18n/language.ts';
import { useLanguage } from '../i18n/use-language.tsx';
import { SelectField, TextField } from '../ui/field.tsx';
import { ErrorNotice } from '../ui/notice.tsx';
import { FormButtons } from './form-buttons.tsx';
import { useForm } from './use-form.tsx';

interface CreateUserFormProps {
  onMade: (email: string) => Promise<void>;
  onCancel: () => void;
}

export function CreateUserForm({ onMade, onCancel }: CreateUserFormProps) {
  const { t } = useTranslation();
  const { users } = useHub();
  const form = useForm({
    schema: usersContract.createUser.body,
    submit: async (body) => onMade((await users.createUser({ body })).email),
  });
  return (
    <form {...form.bind} className="grid gap-5 pt-3">
      {form.error && <ErrorNotice error={form.error} />}
      <TextField
        {...form.field('email')}
        type="email"
        label={t('users.form.email')}
        hint={t('users.form.emailHint')}
        autoComplete="off"
      />
      <SelectField {...form.field('locale')} label={t('users.form.language')} defaultValue={useLanguage()}>
        {Object.entries(LANGUAGES).map(([language, name]) => (
          <option key={language} value={language}>
            {name}
          </option>
        ))}
      </SelectField>
      <FormButtons
        submit={t('users.form.submit')}
        sending={form.sending}
        cancel={t('users.form.cancel')}
        onCancel={onCancel}
      />
    </form>
  );
}
