import { useState, type ComponentProps } from 'react';
import { useTranslation } from 'react-i18next';
import { IconButton } from './button.tsx';
import { TextField } from './field.tsx';

type PasswordFieldProps = Omit<ComponentProps<typeof TextField>, 'type' | 'action' | 'label'> & {
  label?: string;
};

export function PasswordField(props: PasswordFieldProps) {
  const { t } = useTranslation();
  const [shown, setShown] = useState(false);
  return (
    <TextField
      {...props}
      label={props.label ?? t('account.fields.password')}
      type={shown ? 'text' : 'password'}
      action={
        <IconButton
          icon={shown ? 'eyeOff' : 'eye'}
          label={shown ? t('account.fields.hide') : t('account.fields.show')}
          onClick={() => setShown(!shown)}
        />
      }
    />
  );
}
