import { useTranslation } from 'react-i18next';
import { NO_KEY } from '../../connect/setups.ts';
import { Button } from '../../ui/button.tsx';

interface KeyLineProps {
  /** Whether a key was made here, and stands in the set-ups. */
  known: boolean;
  onMake: () => void;
}

/** Which key the set-ups hold: a new one as long as the page is open, since no key is shown twice. */
export function KeyLine({ known, onMake }: KeyLineProps) {
  const { t } = useTranslation();
  return (
    <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3 rounded-2xl bg-sunken px-4 py-3.5">
      <p role="status" className="min-w-0 flex-1 basis-72 break-words">
        {known ? t('connect.key.known') : t('connect.key.unknown', { placeholder: NO_KEY })}
      </p>
      <Button tone={known ? 'quiet' : 'primary'} icon="plus" onClick={onMake}>
        {known ? t('connect.key.another') : t('connect.key.make')}
      </Button>
    </div>
  );
}
