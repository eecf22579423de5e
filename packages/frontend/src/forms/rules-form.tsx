import { type McpTool, PERMISSIONS } from '@smart-ai-hub/shared/contracts';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { rolesQuery } from '../api/access-queries.ts';
import { useHub } from '../api/app-context.tsx';
import { useMay } from '../api/use-scopes.ts';
import { SelectField, TextField } from '../ui/field.tsx';
import { ErrorNotice } from '../ui/notice.tsx';
import { FormButtons } from './form-buttons.tsx';
import { type RuleFields, ruleFields } from './server-fields.ts';
import { TickBox } from './tick-box.tsx';
import { creditsText } from './typed-values.ts';
import { useForm } from './use-form.tsx';

interface RolesProps {
  chosen: readonly string[];
  onChange: (chosen: readonly string[]) => void;
}

/** Which roles a tool is for; whoever may not see roles sees those that are chosen. */
function Roles({ chosen, onChange }: RolesProps) {
  const { t } = useTranslation();
  const maySee = useMay('roles:read');
  const { data = [] } = useQuery({ ...rolesQuery(useHub()), enabled: maySee });
  const offered = [...new Set([...data.map(({ name }) => name), ...chosen])];
  const toggle = (name: string) =>
    onChange(chosen.includes(name) ? chosen.filter((one) => one !== name) : [...chosen, name]);
  return (
    <fieldset className="grid gap-1.5">
      <legend className="mb-1.5 text-sm font-medium">{t('tools.rules.roles')}</legend>
      <div className="grid gap-x-4 sm:grid-cols-2">
        {offered.map((name) => (
          <TickBox key={name} checked={chosen.includes(name)} onChange={() => toggle(name)}>
            <code>{name}</code>
          </TickBox>
        ))}
      </div>
      <p className="text-sm text-ink-faint">{t('tools.rules.rolesHint')}</p>
    </fieldset>
  );
}

interface RulesFormProps {
  tool: McpTool;
  submit: (fields: RuleFields) => Promise<void>;
  onCancel: () => void;
}

/** Who may use a tool, and when it asks first. */
export function RulesForm({ tool, submit, onCancel }: RulesFormProps) {
  const { t } = useTranslation();
  const [roles, setRoles] = useState<readonly string[]>(tool.roles ?? []);
  const form = useForm({ schema: ruleFields, values: { roles }, submit });
  return (
    <form {...form.bind} className="grid gap-5 pt-3">
      {form.error && <ErrorNotice error={form.error} />}
      <SelectField
        {...form.field('permission')}
        label={t('tools.rules.permission')}
        hint={t('tools.rules.permissionHint')}
        defaultValue={tool.permission}
      >
        {PERMISSIONS.map((permission) => (
          <option key={permission}>{permission}</option>
        ))}
      </SelectField>
      <Roles chosen={roles} onChange={setRoles} />
      <TickBox name="openToGuests" defaultChecked={tool.openToGuests}>
        {t('tools.rules.openToGuests')}
      </TickBox>
      <TickBox name="confirm" defaultChecked={tool.confirm}>
        {t('tools.rules.confirm')}
      </TickBox>
      <TextField
        {...form.field('confirmAboveMicro')}
        label={t('tools.rules.confirmAbove')}
        hint={t('tools.rules.confirmAboveHint')}
        defaultValue={creditsText(tool.confirmAboveMicro)}
        inputMode="decimal"
        autoComplete="off"
      />
      <FormButtons
        submit={t('tools.form.save')}
        sending={form.sending}
        cancel={t('tools.form.cancel')}
        onCancel={onCancel}
      />
    </form>
  );
}
