import { useTranslation } from 'react-i18next';
import { Button } from '../ui/button.tsx';

/** Stays focusable while it works, so that the keyboard does not lose its place. */
export function SubmitButton({ label, sending }: { label: string; sending: boolean }) {
  const { t } = useTranslation();
  return (
    <Button type="submit" tone="primary" className="h-11 w-full" aria-disabled={sending}>
      <span aria-live="polite">{sending ? t('forms.working') : label}</span>
    </Button>
  );
}
