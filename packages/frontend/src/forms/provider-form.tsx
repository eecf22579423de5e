import { type KeptProvider, OUTPUT_LIMIT_FIELDS, PROVIDER_FORMATS } from '@smart-ai-hub/shared/contracts';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useHub } from '../api/app-context.tsx';
import { SelectField, TextField } from '../ui/field.tsx';
import { ErrorNotice } from '../ui/notice.tsx';
import { PasswordField } from '../ui/password-field.tsx';
import { checkFields } from './check-fields.ts';
import { ConnectionTest } from './connection-test.tsx';
import { FormButtons } from './form-buttons.tsx';
import { ModelFields } from './model-fields.tsx';
import {
  connectionFields,
  modelOf,
  modelRow,
  type ProviderFields,
  providerFields,
} from './provider-fields.ts';
import { TickBox } from './tick-box.tsx';
import { useForm } from './use-form.tsx';

type Form = ReturnType<typeof useForm>;

/** How a provider is asked, as it is typed. */
interface Typed {
  format: string;
  baseUrl: string;
  apiKeys: string;
}

interface ConnectionProps {
  form: Form;
  provider: KeptProvider | undefined;
  typed: Typed;
  onType: (typed: Typed) => void;
}

/** Words for keys that are there: how many, and how those end that are long enough to show it. */
function useKeysHint(provider: KeptProvider | undefined): string {
  const { t } = useTranslation();
  if (!provider || provider.keyEndings.length === 0) return t('providers.form.keysHint');
  if (!provider.keysReadable) return t('providers.unreadable');
  return t('providers.form.keysKept', { keys: provider.keyEndings.map((end) => `…${end}`).join(', ') });
}

function Connection({ form, provider, typed, onType }: ConnectionProps) {
  const { t } = useTranslation();
  const keysHint = useKeysHint(provider);
  return (
    <>
      <SelectField
        {...form.field('format')}
        label={t('providers.form.format')}
        value={typed.format}
        onChange={({ target }) => onType({ ...typed, format: target.value })}
      >
        {PROVIDER_FORMATS.map((format) => (
          <option key={format} value={format}>
            {t(`providers.formats.${format}`)}
          </option>
        ))}
      </SelectField>
      <TextField
        {...form.field('baseUrl')}
        type="url"
        label={t('providers.address')}
        hint={t('providers.form.addressHint')}
        value={typed.baseUrl}
        onChange={({ target }) => onType({ ...typed, baseUrl: target.value })}
        autoComplete="off"
        spellCheck={false}
      />
      <PasswordField
        {...form.field('apiKeys')}
        label={t('providers.keys')}
        hint={keysHint}
        value={typed.apiKeys}
        onChange={({ target }) => onType({ ...typed, apiKeys: target.value })}
        autoComplete="off"
        spellCheck={false}
      />
    </>
  );
}

/** What a provider would be asked, and what it answered; of one that is kept, by its own keys where none is typed. */
function useTest(provider: KeptProvider | undefined, typed: Typed) {
  const { providers } = useHub();
  const checked = checkFields(connectionFields, typed);
  const test = useMutation({
    mutationFn: async () => {
      if (!checked.ok) return [];
      const { apiKeys, ...rest } = checked.data;
      const body = { ...rest, ...(apiKeys && { apiKeys }), ...(provider && { providerId: provider.id }) };
      return (await providers.checkProvider({ body })).models;
    },
  });
  return { ...test, isPossible: checked.ok };
}

function useRefusals() {
  const { t } = useTranslation();
  return {
    'invalid-request': t('providers.form.keysAnew'),
    'egress-refused': t('providers.form.refused'),
    'egress-failed': t('providers.form.unreachable'),
  };
}

function Advanced({ form, provider }: { form: Form; provider: KeptProvider | undefined }) {
  const { t } = useTranslation();
  return (
    <details>
      <summary className="cursor-pointer rounded-lg py-1 font-medium">{t('providers.form.advanced')}</summary>
      <div className="grid gap-5 pt-4">
        <TextField
          {...form.field('maxConcurrent')}
          label={t('providers.form.maxConcurrent')}
          hint={t('providers.form.maxConcurrentHint')}
          defaultValue={provider?.maxConcurrent ?? 256}
          inputMode="numeric"
          autoComplete="off"
        />
        <SelectField
          {...form.field('outputLimitField')}
          label={t('providers.form.outputLimitField')}
          hint={t('providers.form.outputLimitFieldHint')}
          defaultValue={provider?.outputLimitField ?? 'max_tokens'}
        >
          {OUTPUT_LIMIT_FIELDS.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </SelectField>
        <TickBox name="unchecked">{t('providers.form.unchecked')}</TickBox>
      </div>
    </details>
  );
}

interface ProviderFormProps {
  /** The provider that is changed; a new one where there is none. */
  provider?: KeptProvider;
  submit: (fields: ProviderFields) => Promise<void>;
  submitLabel: string;
  onCancel: () => void;
}

/** Every setting of a provider; its keys are typed, and never shown. */
export function ProviderForm({ provider, submit, submitLabel, onCancel }: ProviderFormProps) {
  const { t } = useTranslation();
  const refusals = useRefusals();
  const [typed, setTyped] = useState<Typed>({
    format: provider?.format ?? 'openai',
    baseUrl: provider?.baseUrl ?? '',
    apiKeys: '',
  });
  const [rows, setRows] = useState(() =>
    provider ? provider.models.map((model) => modelRow(model.id, model)) : [modelRow('first')],
  );
  const form = useForm({ schema: providerFields, values: { models: rows.map(modelOf) }, submit });
  const test = useTest(provider, typed);
  return (
    <form {...form.bind} className="grid gap-5 pt-3">
      {form.error && <ErrorNotice error={form.error} instead={refusals} />}
      <TextField
        {...form.field('name')}
        label={t('providers.name')}
        hint={t('providers.form.nameHint')}
        defaultValue={provider?.name}
        maxLength={40}
        autoComplete="off"
        spellCheck={false}
      />
      <Connection form={form} provider={provider} typed={typed} onType={setTyped} />
      <ConnectionTest
        {...{ test, refusals }}
        isDisabled={!test.isPossible}
        label={t('providers.form.test')}
        answered={({ length: count }) => t('providers.form.answered', { count })}
      />
      <ModelFields
        name="models"
        error={form.field('models').error && t('providers.models.mistake')}
        rows={rows}
        onChange={(next) => setRows([...next])}
        found={test.data ?? []}
      />
      <Advanced form={form} provider={provider} />
      <FormButtons
        submit={submitLabel}
        sending={form.sending}
        cancel={t('providers.form.cancel')}
        onCancel={onCancel}
      />
    </form>
  );
}
