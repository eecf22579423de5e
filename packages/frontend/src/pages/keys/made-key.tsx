import { useTranslation } from 'react-i18next';
import { ShownOnce } from '../../ui/shown-once.tsx';

/** The one time that a key is shown. */
export function MadeKey({ secret, onDone }: { secret: string; onDone: () => void }) {
  const { t } = useTranslation();
  return (
    <ShownOnce
      texts={[t('keys.made.text')]}
      label={t('keys.made.label')}
      secret={secret}
      done={t('keys.made.done')}
      onDone={onDone}
    />
  );
}
