import type { AuditProof as Proof } from '@smart-ai-hub/shared/contracts';
import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useHub } from '../../api/app-context.tsx';
import { formatCount } from '../../i18n/format.ts';
import { useLanguage } from '../../i18n/use-language.tsx';
import { Button } from '../../ui/button.tsx';
import { ErrorNotice } from '../../ui/notice.tsx';

function Result({ events, firstBreach }: Proof) {
  const { t } = useTranslation();
  const language = useLanguage();
  if (firstBreach !== null)
    return <span className="text-danger">{t('audit.verify.broken', { id: firstBreach })}</span>;
  return <span>{t('audit.verify.whole', { events: formatCount(events, language) })}</span>;
}

/** Has the hub hold every entry against its seal, and says what it found. */
export function AuditProof() {
  const { t } = useTranslation();
  const { audit } = useHub();
  const verify = useMutation({ mutationFn: () => audit.verifyAudit() });
  return (
    <div className="grid gap-3">
      {verify.error && <ErrorNotice error={verify.error} />}
      <div className="flex flex-wrap items-center gap-3">
        <Button disabled={verify.isPending} onClick={() => verify.mutate()}>
          {verify.isPending ? t('audit.verify.checking') : t('audit.verify.check')}
        </Button>
        <p role="status">{verify.data && <Result {...verify.data} />}</p>
      </div>
    </div>
  );
}
