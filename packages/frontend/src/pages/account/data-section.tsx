import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useHub } from '../../api/app-context.tsx';
import { Button } from '../../ui/button.tsx';
import { ErrorNotice } from '../../ui/notice.tsx';
import { Section } from './section.tsx';

export function DataSection() {
  const { t } = useTranslation();
  const { account } = useHub();
  const download = useMutation({
    mutationFn: async () => save(t('profile.data.file'), await account.exportMe()),
  });
  return (
    <Section title={t('profile.data.title')} text={t('profile.data.text')}>
      {download.error && <ErrorNotice error={download.error} />}
      <Button className="justify-self-start" disabled={download.isPending} onClick={() => download.mutate()}>
        {t('profile.data.download')}
      </Button>
    </Section>
  );
}

/** A link that is followed once: the call needs the access token, which no address may hold. */
function save(name: string, value: unknown) {
  const url = URL.createObjectURL(new Blob([JSON.stringify(value, null, 2)], { type: 'application/json' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
