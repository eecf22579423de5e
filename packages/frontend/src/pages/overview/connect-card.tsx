import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { buttonClass } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Card } from '../../ui/page.tsx';

export function ConnectCard() {
  const { t } = useTranslation();
  const settings = `OPENAI_BASE_URL=${window.location.origin}/v1\nOPENAI_API_KEY=sk-hub-…`;
  return (
    <Card className="grid content-between gap-5 p-6 sm:p-7">
      <div className="grid gap-1.5">
        <h2 className="text-lg">{t('overview.connect.title')}</h2>
        <p className="text-ink-soft">{t('overview.connect.text')}</p>
      </div>
      <pre className="rounded-lg bg-sunken px-4 py-3 text-sm leading-relaxed break-all whitespace-pre-wrap">
        <code>{settings}</code>
      </pre>
      <div className="flex flex-wrap gap-2">
        <CopyButton text={settings} label={t('overview.connect.copy')} size="small" />
        <Link to="/connect" className={buttonClass({ size: 'small' })}>
          {t('overview.connect.more')}
        </Link>
      </div>
    </Card>
  );
}
