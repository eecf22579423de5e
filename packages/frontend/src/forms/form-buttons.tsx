import { useTranslation } from 'react-i18next';
import { Button } from '../ui/button.tsx';

interface FormButtonsProps {
  submit: string;
  sending: boolean;
  cancel: string;
  onCancel: () => void;
}

/** The foot of a form in a dialog. What sends it stays focusable, so that the keyboard does not lose its place. */
export function FormButtons({ submit, sending, cancel, onCancel }: FormButtonsProps) {
  const { t } = useTranslation();
  return (
    <div className="flex flex-wrap justify-end gap-2">
      <Button tone="plain" onClick={onCancel}>
        {cancel}
      </Button>
      <Button type="submit" tone="primary" aria-disabled={sending}>
        {sending ? t('forms.working') : submit}
      </Button>
    </div>
  );
}
