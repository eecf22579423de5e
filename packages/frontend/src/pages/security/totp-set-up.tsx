import { secondFactorContract } from '@smart-ai-hub/shared/contracts';
import { useTranslation } from 'react-i18next';
import { useHub } from '../../api/app-context.tsx';
import { CodeField } from '../../forms/code-field.tsx';
import { FormButtons } from '../../forms/form-buttons.tsx';
import { useForm } from '../../forms/use-form.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { ErrorNotice } from '../../ui/notice.tsx';
import { QrCode } from '../../ui/qr-code.tsx';

/** What an authenticator application has to know. */
export interface TotpSecret {
  secret: string;
  uri: string;
}

function Secret({ secret, uri }: TotpSecret) {
  const { t } = useTranslation();
  return (
    <div className="grid gap-4">
      <QrCode text={uri} label={t('security.totp.qr')} />
      <div className="flex items-center justify-between gap-3 rounded-lg bg-sunken px-4 py-2">
        <output aria-label={t('security.totp.key')} className="font-mono text-sm break-all select-all">
          {secret}
        </output>
        <CopyButton text={secret} size="small" />
      </div>
    </div>
  );
}

interface TotpSetUpProps extends TotpSecret {
  onCodes: (recoveryCodes: string[]) => Promise<void>;
  onCancel: () => void;
}

/** The secret as a picture and as text, and the first code that proves it has arrived. */
export function TotpSetUp({ onCodes, onCancel, ...secret }: TotpSetUpProps) {
  const { t } = useTranslation();
  const hub = useHub();
  const form = useForm({
    schema: secondFactorContract.confirmTotp.body,
    submit: async (body) => onCodes((await hub.secondFactor.confirmTotp({ body })).recoveryCodes),
  });
  return (
    <form {...form.bind} className="grid gap-5">
      <p className="text-ink-soft">{t('security.totp.scan')}</p>
      <Secret {...secret} />
      {form.error && <ErrorNotice error={form.error} />}
      <CodeField {...form.field('code')} label={t('security.totp.code')} hint={t('security.totp.codeHint')} />
      <FormButtons
        submit={t('security.totp.confirm')}
        sending={form.sending}
        cancel={t('security.totp.cancel')}
        onCancel={onCancel}
      />
    </form>
  );
}
