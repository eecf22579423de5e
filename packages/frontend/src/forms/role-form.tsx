import {
  type Grants,
  PERMISSIONS,
  type Permission,
  type Role,
  scopesOf,
} from '@smart-ai-hub/shared/contracts';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { useHub } from '../api/app-context.tsx';
import { Button } from '../ui/button.tsx';
import { INPUT_CLASS } from '../ui/field.tsx';
import { ErrorNotice } from '../ui/notice.tsx';
import { roleFields } from './role-fields.ts';
import { RoleWords } from './role-words.tsx';
import { useForm } from './use-form.tsx';

interface GrantChoiceProps {
  permission: Permission;
  grants: Grants;
  disabled: boolean;
  onChoose: (grants: Grants) => void;
}

function GrantChoice({ permission, grants, disabled, onChoose }: GrantChoiceProps) {
  const { t } = useTranslation();
  const { [permission]: held, ...others } = grants;
  const choose = (value: string) => {
    const scope = scopesOf(permission).find((known) => known === value);
    onChoose(scope ? { ...others, [permission]: scope } : others);
  };
  return (
    <label className="flex items-center justify-between gap-3 border-t border-line py-2">
      <code className="min-w-0 break-words">{permission}</code>
      <select
        value={held ?? ''}
        disabled={disabled}
        onChange={({ target }) => choose(target.value)}
        className={`${INPUT_CLASS} h-9 max-w-40`}
      >
        <option value="">{t('roles.none')}</option>
        {scopesOf(permission).map((scope) => (
          <option key={scope} value={scope}>
            {t(`roles.scopes.${scope}`)}
          </option>
        ))}
      </select>
    </label>
  );
}

interface RoleFormProps {
  role: Role;
  /** May the person who looks at it change it. */
  open: boolean;
  onSaved: (name: string) => Promise<void>;
}

/** What a role is called and grants. The words of the system's roles are fixed, and so are the grants of the top. */
export function RoleForm({ role, open, onSaved }: RoleFormProps) {
  const { t } = useTranslation();
  const { roles } = useHub();
  const [grants, setGrants] = useState<Grants>(role.grants);
  const form = useForm({
    schema: role.system ? z.object({}) : roleFields,
    submit: async (words) => {
      const saved = await roles.updateRole({ params: { name: role.name }, body: { ...words, grants } });
      await onSaved(saved.name);
    },
  });
  const isFixed = !open || role.name === 'superadmin';
  return (
    <form {...form.bind} className="grid gap-5">
      {form.error && <ErrorNotice error={form.error} />}
      {!role.system && <RoleWords field={form.field} {...role} readOnly={!open} />}
      <fieldset>
        <legend className="mb-2 text-sm font-medium">{t('roles.form.grants')}</legend>
        <div className="grid gap-x-8 sm:grid-cols-2">
          {PERMISSIONS.map((permission) => (
            <GrantChoice
              key={permission}
              {...{ permission, grants }}
              disabled={isFixed}
              onChoose={setGrants}
            />
          ))}
        </div>
        <p className="mt-3 text-sm text-ink-faint">{t('roles.guestHint')}</p>
      </fieldset>
      {!isFixed && (
        <div className="flex justify-end">
          <Button type="submit" tone="primary" aria-disabled={form.sending}>
            {form.sending ? t('forms.working') : t('roles.form.save')}
          </Button>
        </div>
      )}
    </form>
  );
}
