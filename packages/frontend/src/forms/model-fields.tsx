import { MODEL_CAPABILITIES } from '@smart-ai-hub/shared/contracts';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { newId } from '../api/new-id.ts';
import { Button } from '../ui/button.tsx';
import { SelectField, TextField } from '../ui/field.tsx';
import { type ModelRow, modelRow, toggled } from './provider-fields.ts';
import { TickBox } from './tick-box.tsx';

interface RowProps {
  row: ModelRow;
  onChange: (row: ModelRow) => void;
  onRemove: () => void;
}

/** What few need to say of a model. */
function More({ row, onChange }: Pick<RowProps, 'row' | 'onChange'>) {
  const { t } = useTranslation();
  return (
    <details>
      <summary className="cursor-pointer rounded-lg py-1 text-sm">{t('providers.models.more')}</summary>
      <div className="grid gap-4 pt-3">
        {(['upstreamId', 'maxOutputTokens', 'contextTokens'] as const).map((name) => (
          <TextField
            key={name}
            label={t(`providers.models.${name}`)}
            value={row[name]}
            onChange={({ target }) => onChange({ ...row, [name]: target.value })}
            inputMode={name === 'upstreamId' ? 'text' : 'numeric'}
            autoComplete="off"
            spellCheck={false}
          />
        ))}
        <div className="grid gap-x-4 sm:grid-cols-2">
          {MODEL_CAPABILITIES.map((name) => (
            <TickBox
              key={name}
              checked={row.capabilities[name] ?? false}
              onChange={() => onChange({ ...row, capabilities: toggled(row, name) })}
            >
              {t(`providers.models.capabilities.${name}`)}
            </TickBox>
          ))}
          <TickBox
            checked={row.openToGuests}
            onChange={() => onChange({ ...row, openToGuests: !row.openToGuests })}
          >
            {t('providers.models.openToGuests')}
          </TickBox>
        </div>
      </div>
    </details>
  );
}

function Row({ row, onChange, onRemove }: RowProps) {
  const { t } = useTranslation();
  return (
    <li className="grid gap-2 rounded-xl border border-line p-3">
      <TextField
        label={t('providers.models.id')}
        value={row.id}
        onChange={({ target }) => onChange({ ...row, id: target.value })}
        autoComplete="off"
        spellCheck={false}
      />
      <More row={row} onChange={onChange} />
      <Button
        size="small"
        tone="plain"
        className="justify-self-end"
        aria-label={t('providers.models.removeNamed', { model: row.id })}
        onClick={onRemove}
      >
        {t('providers.models.remove')}
      </Button>
    </li>
  );
}

interface ModelFieldsProps {
  name: string;
  error: string | undefined;
  rows: readonly ModelRow[];
  onChange: (rows: readonly ModelRow[]) => void;
  /** What the provider said it has. */
  found: readonly string[];
}

/** The models of a provider, by hand or from what it said it has. The group takes the focus where one is wrong. */
export function ModelFields({ name, error, rows, onChange, found }: ModelFieldsProps) {
  const { t } = useTranslation();
  const errorId = useId();
  const add = (id: string) => {
    const typed = rows.filter((row) => row.id.trim() !== '');
    onChange([...(id === '' ? rows : typed), modelRow(newId(), { id })]);
  };
  const offered = found.filter((id) => rows.every((row) => row.id.trim() !== id));
  return (
    <fieldset name={name} tabIndex={-1} aria-describedby={error && errorId} className="grid gap-3 rounded-lg">
      <legend className="mb-1.5 text-sm font-medium">{t('providers.models.title')}</legend>
      {error && (
        <p id={errorId} className="text-sm text-danger">
          {error}
        </p>
      )}
      <ul className="grid gap-3">
        {rows.map((row) => (
          <Row
            key={row.key}
            row={row}
            onChange={(next) => onChange(rows.map((one) => (one.key === row.key ? next : one)))}
            onRemove={() => onChange(rows.filter((one) => one.key !== row.key))}
          />
        ))}
      </ul>
      {offered.length > 0 && (
        <SelectField
          label={t('providers.models.found')}
          value=""
          onChange={({ target }) => add(target.value)}
        >
          <option value="">{t('providers.models.choose', { count: offered.length })}</option>
          {offered.map((id) => (
            <option key={id} value={id}>
              {id}
            </option>
          ))}
        </SelectField>
      )}
      <Button size="small" icon="plus" className="justify-self-start" onClick={() => add('')}>
        {t('providers.models.add')}
      </Button>
    </fieldset>
  );
}
