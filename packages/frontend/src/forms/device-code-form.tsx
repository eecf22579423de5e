import { type DeviceRequest, oauthContract } from '@smart-ai-hub/shared/contracts';
import { useTranslation } from 'react-i18next';
import { useHub } from '../api/app-context.tsx';
import { TextField } from '../ui/field.tsx';
import { ErrorNotice } from '../ui/notice.tsx';
import { SubmitButton } from './submit-button.tsx';
import { useForm } from './use-form.tsx';

interface DeviceCodeFormProps {
  /** From the address; empty where it has to be typed. */
  given: string;
  onFound: (found: { userCode: string; request: DeviceRequest }) => void;
}

export function DeviceCodeForm({ given, onFound }: DeviceCodeFormProps) {
  const { t } = useTranslation();
  const { oauth } = useHub();
  const form = useForm({
    schema: oauthContract.findDevice.body,
    submit: async (body) => onFound({ ...body, request: await oauth.findDevice({ body }) }),
  });
  return (
    <form {...form.bind} className="grid gap-5">
      {form.error && <ErrorNotice error={form.error} />}
      <TextField
        {...form.field('userCode')}
        label={t('consent.device.code')}
        hint={t('consent.device.codeHint')}
        defaultValue={given}
        autoComplete="off"
        autoCapitalize="characters"
        spellCheck={false}
      />
      <SubmitButton label={t('consent.device.submit')} sending={form.sending} />
    </form>
  );
}
