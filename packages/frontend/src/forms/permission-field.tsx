import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { TickBox } from './tick-box.tsx';

interface PermissionFieldProps {
  offered: readonly string[];
  /** None is all. */
  chosen: readonly string[];
  onChange: (chosen: readonly string[]) => void;
}

/** Which of one's own permissions a key gets; their names are those of the API. */
export function PermissionField({ offered, chosen, onChange }: PermissionFieldProps) {
  const { t } = useTranslation();
  const hint = useId();
  const toggle = (permission: string) =>
    onChange(
      chosen.includes(permission) ? chosen.filter((one) => one !== permission) : [...chosen, permission],
    );
  return (
    <fieldset className="grid gap-1.5" aria-describedby={hint}>
      <legend className="mb-1.5 text-sm font-medium">{t('keys.form.permissions')}</legend>
      <div className="grid gap-x-4 sm:grid-cols-2">
        {offered.map((permission) => (
          <TickBox key={permission} checked={chosen.includes(permission)} onChange={() => toggle(permission)}>
            <code>{permission}</code>
          </TickBox>
        ))}
      </div>
      <p id={hint} className="text-sm text-ink-faint">
        {t('keys.form.permissionsHint')}
      </p>
    </fieldset>
  );
}
