import type { ApiKey } from '@smart-ai-hub/shared/contracts';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useUser } from '../api/use-user.tsx';
import { SelectField, TextField } from '../ui/field.tsx';
import { ErrorNotice } from '../ui/notice.tsx';
import { FormButtons } from './form-buttons.tsx';
import { KEY_LIFETIME_NAMES } from './key-expiry.ts';
import { type KeyFields, keyFields, permissionsFor } from './key-fields.ts';
import { PermissionField } from './permission-field.tsx';
import { TickBox } from './tick-box.tsx';
import { creditsText } from './typed-values.ts';
import { useForm } from './use-form.tsx';

interface KeyFormProps {
  /** The key that is changed; a new one where there is none. */
  apiKey?: ApiKey;
  submit: (fields: KeyFields) => Promise<void>;
  submitLabel: string;
  onCancel: () => void;
}

type Form = ReturnType<typeof useForm>;

const isSpecial = (key: ApiKey) =>
  key.cacheAnswers ||
  [
    key.models,
    key.tools,
    key.monthlyLimitMicro,
    key.requestsPerMinute,
    key.tokensPerMinute,
    key.permissions,
  ].some((value) => value !== null);

function Lists({ form, apiKey }: { form: Form; apiKey: ApiKey | undefined }) {
  const { t } = useTranslation();
  return (['models', 'tools'] as const).map((name) => (
    <TextField
      key={name}
      {...form.field(name)}
      label={t(`keys.form.${name}`)}
      hint={t(`keys.form.${name}Hint`)}
      defaultValue={apiKey?.[name]?.join(', ') ?? ''}
      autoComplete="off"
      spellCheck={false}
    />
  ));
}

function Limits({ form, apiKey }: { form: Form; apiKey: ApiKey | undefined }) {
  const { t } = useTranslation();
  const numbers = {
    monthlyLimitMicro: creditsText(apiKey?.monthlyLimitMicro),
    requestsPerMinute: String(apiKey?.requestsPerMinute ?? ''),
    tokensPerMinute: String(apiKey?.tokensPerMinute ?? ''),
  };
  return (['monthlyLimitMicro', 'requestsPerMinute', 'tokensPerMinute'] as const).map((name) => (
    <TextField
      key={name}
      {...form.field(name)}
      label={t(`keys.form.${name}`)}
      hint={t('keys.form.noLimit')}
      defaultValue={numbers[name]}
      inputMode="decimal"
      autoComplete="off"
    />
  ));
}

function Caching({ apiKey }: { apiKey: ApiKey | undefined }) {
  const { t } = useTranslation();
  const hint = useId();
  return (
    <div>
      <TickBox name="cacheAnswers" defaultChecked={apiKey?.cacheAnswers ?? false} aria-describedby={hint}>
        {t('keys.form.cacheAnswers')}
      </TickBox>
      <p id={hint} className="text-sm text-ink-faint">
        {t('keys.form.cacheAnswersHint')}
      </p>
    </div>
  );
}

function Lifetime({ form, apiKey }: { form: Form; apiKey: ApiKey | undefined }) {
  const { t } = useTranslation();
  const names = apiKey ? (['keep', ...KEY_LIFETIME_NAMES] as const) : KEY_LIFETIME_NAMES;
  return (
    <SelectField {...form.field('lifetime')} label={t('keys.form.expiry')}>
      {names.map((name) => (
        <option key={name} value={name}>
          {t(`keys.form.expiries.${name}`)}
        </option>
      ))}
    </SelectField>
  );
}

/** Every setting of a key; what few need is folded away. */
export function KeyForm({ apiKey, submit, submitLabel, onCancel }: KeyFormProps) {
  const { t } = useTranslation();
  const user = useUser();
  const [permissions, setPermissions] = useState<readonly string[]>(apiKey?.permissions ?? []);
  const form = useForm({
    schema: keyFields,
    values: { permissions: permissions.length > 0 ? permissions : null },
    submit,
  });
  const offered = [...new Set<string>([...permissionsFor(user?.roles ?? []), ...permissions])];
  return (
    <form {...form.bind} className="grid gap-5 pt-3">
      {form.error && <ErrorNotice error={form.error} />}
      <TextField
        {...form.field('name')}
        label={t('keys.form.name')}
        hint={t('keys.form.nameHint')}
        defaultValue={apiKey?.name}
        autoComplete="off"
        maxLength={80}
      />
      <Lifetime form={form} apiKey={apiKey} />
      <details open={apiKey !== undefined && isSpecial(apiKey)}>
        <summary className="cursor-pointer rounded-lg py-1 font-medium">{t('keys.form.advanced')}</summary>
        <div className="grid gap-5 pt-4">
          <Lists form={form} apiKey={apiKey} />
          <Limits form={form} apiKey={apiKey} />
          <Caching apiKey={apiKey} />
          <PermissionField offered={offered} chosen={permissions} onChange={setPermissions} />
        </div>
      </details>
      <FormButtons
        submit={submitLabel}
        sending={form.sending}
        cancel={t('keys.form.cancel')}
        onCancel={onCancel}
      />
    </form>
  );
}
