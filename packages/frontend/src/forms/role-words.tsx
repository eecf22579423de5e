import { useTranslation } from 'react-i18next';
import { TextField } from '../ui/field.tsx';

interface RoleWordsProps {
  field: (name: string) => { name: string; error: string | undefined };
  name?: string;
  level?: number;
  description?: string;
  readOnly?: boolean;
}

/** What a role is called and stands for: of a new one, and of one that is changed. */
export function RoleWords({ field, name, level, description, readOnly = false }: RoleWordsProps) {
  const { t } = useTranslation();
  return (
    <>
      <TextField
        {...field('name')}
        label={t('roles.form.name')}
        hint={t('roles.form.nameHint')}
        defaultValue={name}
        readOnly={readOnly}
        autoComplete="off"
        maxLength={40}
      />
      <TextField
        {...field('level')}
        label={t('roles.form.level')}
        hint={t('roles.form.levelHint')}
        defaultValue={level}
        readOnly={readOnly}
        inputMode="numeric"
        autoComplete="off"
        maxLength={2}
      />
      <TextField
        {...field('description')}
        label={t('roles.form.description')}
        defaultValue={description}
        readOnly={readOnly}
        autoComplete="off"
        maxLength={200}
      />
    </>
  );
}
