import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useHub } from '../../api/app-context.tsx';
import { saveFile } from '../../api/save-file.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorNotice } from '../../ui/notice.tsx';
import { Section } from './section.tsx';

export function DataSection() {
  const { t } = useTranslation();
  const { account } = useHub();
  const download = useMutation({
    mutationFn: async () => saveFile(t('profile.data.file'), jsonFile(await account.exportMe())),
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

const jsonFile = (value: unknown) => new Blob([JSON.stringify(value, null, 2)], { type: 'application/json' });
