import { useTranslation } from 'react-i18next';
import { newId } from '../api/new-id.ts';
import { Button } from '../ui/button.tsx';
import { TextField } from '../ui/field.tsx';
import { PasswordField } from '../ui/password-field.tsx';
import type { SecretRow } from './server-fields.ts';

interface SecretFieldsProps {
  legend: string;
  hint: string;
  rows: readonly SecretRow[];
  onChange: (rows: readonly SecretRow[]) => void;
}

/** Names with their values, which are typed and never shown again. */
export function SecretFields({ legend, hint, rows, onChange }: SecretFieldsProps) {
  const { t } = useTranslation();
  const change = (key: string, part: Partial<SecretRow>) =>
    onChange(rows.map((row) => (row.key === key ? { ...row, ...part } : row)));
  return (
    <fieldset className="grid gap-3">
      <legend className="mb-1.5 text-sm font-medium">{legend}</legend>
      <p className="text-sm text-ink-faint">{hint}</p>
      {rows.map(({ key, name, value }, index) => (
        <div key={key} className="grid gap-3 rounded-lg bg-sunken p-3">
          <TextField
            label={t('tools.form.secretName', { place: String(index + 1) })}
            value={name}
            onChange={({ target }) => change(key, { name: target.value })}
            autoComplete="off"
            spellCheck={false}
          />
          <PasswordField
            label={t('tools.form.secretValue', { place: String(index + 1) })}
            value={value}
            onChange={({ target }) => change(key, { value: target.value })}
            autoComplete="off"
          />
          <Button
            size="small"
            className="justify-self-end"
            aria-label={t('tools.form.removeNamed', { place: String(index + 1) })}
            onClick={() => onChange(rows.filter((row) => row.key !== key))}
          >
            {t('tools.form.remove')}
          </Button>
        </div>
      ))}
      <Button
        size="small"
        icon="plus"
        className="justify-self-start"
        onClick={() => onChange([...rows, { key: newId(), name: '', value: '' }])}
      >
        {t('tools.form.add')}
      </Button>
    </fieldset>
  );
}
