import { useTranslation } from 'react-i18next';
import { saveFile } from '../../api/save-file.ts';
import { Button } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';

const FILE_NAME = 'smart-ai-hub-recovery-codes.txt';

export function RecoveryCodes({ codes, onDone }: { codes: readonly string[]; onDone: () => void }) {
  const { t } = useTranslation();
  const text = `${codes.join('\n')}\n`;
  return (
    <div className="grid gap-5">
      <p className="text-ink-soft">{t('security.recovery.text')}</p>
      <ul
        aria-label={t('security.recovery.label')}
        className="grid gap-1 rounded-lg bg-sunken px-4 py-3 text-center font-mono text-sm select-all sm:grid-cols-2"
      >
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <div className="flex flex-wrap justify-end gap-2">
        <CopyButton text={text} />
        <Button onClick={() => saveFile(FILE_NAME, new Blob([text], { type: 'text/plain' }))}>
          {t('security.recovery.download')}
        </Button>
        <Button tone="primary" onClick={onDone}>
          {t('security.recovery.done')}
        </Button>
      </div>
    </div>
  );
}
