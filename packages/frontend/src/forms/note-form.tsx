import type { ProblemCode } from '@smart-ai-hub/shared/contracts';
import { useTranslation } from 'react-i18next';
import { TextField } from '../ui/field.tsx';
import { ErrorNotice } from '../ui/notice.tsx';
import { noteFields } from './credit-fields.ts';
import { FormButtons } from './form-buttons.tsx';
import { useForm } from './use-form.tsx';

const NOTE_LENGTH = 200;

export function NoteField({ field, hint }: { field: ReturnType<typeof useForm>['field']; hint: string }) {
  const { t } = useTranslation();
  return (
    <TextField
      {...field('note')}
      label={t('accounts.form.note')}
      hint={hint}
      maxLength={NOTE_LENGTH}
      autoComplete="off"
    />
  );
}

interface NoteFormProps {
  /** What will happen. */
  text: string;
  hint: string;
  submit: (note: string) => Promise<void>;
  submitLabel: string;
  cancelLabel: string;
  onCancel: () => void;
  instead?: Partial<Record<ProblemCode, string>>;
}

/** Says what will happen, and asks why, before it does it. */
export function NoteForm({ text, hint, submit, submitLabel, cancelLabel, onCancel, instead }: NoteFormProps) {
  const form = useForm({ schema: noteFields, submit: ({ note }) => submit(note) });
  return (
    <form {...form.bind} className="grid gap-5">
      <p className="break-words text-ink-soft">{text}</p>
      {form.error && <ErrorNotice error={form.error} {...(instead && { instead })} />}
      <NoteField field={form.field} hint={hint} />
      <FormButtons submit={submitLabel} sending={form.sending} cancel={cancelLabel} onCancel={onCancel} />
    </form>
  );
}
