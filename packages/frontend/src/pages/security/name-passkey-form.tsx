import { passkeysContract } from '@smart-ai-hub/shared/contracts';
import { useTranslation } from 'react-i18next';
import { FormButtons } from '../../forms/form-buttons.tsx';
import { useForm } from '../../forms/use-form.tsx';
import { TextField } from '../../ui/field.tsx';
import { ErrorNotice } from '../../ui/notice.tsx';

interface NamePasskeyFormProps {
  name?: string;
  submitLabel: string;
  onSubmit: (name: string) => Promise<void>;
  onCancel: () => void;
}

/** For a new passkey, and for another name of one. */
export function NamePasskeyForm({ name = '', submitLabel, onSubmit, onCancel }: NamePasskeyFormProps) {
  const { t } = useTranslation();
  const form = useForm({
    schema: passkeysContract.renamePasskey.body,
    submit: (body) => onSubmit(body.name),
  });
  return (
    <form {...form.bind} className="grid gap-5 pt-3">
      {form.error && <ErrorNotice error={form.error} />}
      <TextField
        {...form.field('name')}
        label={t('security.passkeys.name')}
        hint={t('security.passkeys.nameHint')}
        defaultValue={name}
        autoComplete="off"
        maxLength={80}
      />
      <FormButtons
        submit={submitLabel}
        sending={form.sending}
        cancel={t('security.passkeys.cancel')}
        onCancel={onCancel}
      />
    </form>
  );
}
