import { accountContract } from '@smart-ai-hub/shared/contracts';
import { TextField } from '../ui/field.tsx';
import { ErrorNotice } from '../ui/notice.tsx';
import { SubmitButton } from './submit-button.tsx';
import { useForm } from './use-form.tsx';

interface CodeFormProps {
  label: string;
  submitLabel: string;
  onCode: (code: string) => Promise<void>;
}

/** Six digits that a mail brought. */
export function CodeForm({ label, submitLabel, onCode }: CodeFormProps) {
  const form = useForm({
    schema: accountContract.verifyEmail.body,
    submit: ({ code }) => onCode(code),
  });
  return (
    <form {...form.bind} className="grid gap-5">
      {form.error && <ErrorNotice error={form.error} />}
      <TextField
        {...form.field('code')}
        label={label}
        inputMode="numeric"
        autoComplete="one-time-code"
        maxLength={20}
      />
      <SubmitButton label={submitLabel} sending={form.sending} />
    </form>
  );
}
