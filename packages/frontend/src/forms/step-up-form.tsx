import { stepUpContract, totpCode } from '@smart-ai-hub/shared/contracts';
import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { useHub } from '../api/app-context.tsx';
import { passkeysWork, showPasskey } from '../api/passkeys.ts';
import { Button } from '../ui/button.tsx';
import { ErrorNotice } from '../ui/notice.tsx';
import { PasswordField } from '../ui/password-field.tsx';
import { CodeField } from './code-field.tsx';
import { SubmitButton } from './submit-button.tsx';
import { useForm } from './use-form.tsx';

type Way = 'password' | 'totp' | 'passkey';

const [byPassword] = stepUpContract.stepUp.body.options;

function PasswordStep({ onConfirmed }: { onConfirmed: () => void }) {
  const { t } = useTranslation();
  const hub = useHub();
  const form = useForm({
    schema: byPassword,
    submit: async (body) => {
      await hub.stepUp.stepUp({ body });
      onConfirmed();
    },
  });
  return (
    <form {...form.bind} className="grid gap-5">
      {form.error && <ErrorNotice error={form.error} />}
      <PasswordField {...form.field('password')} autoComplete="current-password" />
      <SubmitButton label={t('security.stepUp.submit')} sending={form.sending} />
    </form>
  );
}

function CodeStep({ onConfirmed }: { onConfirmed: () => void }) {
  const { t } = useTranslation();
  const hub = useHub();
  const form = useForm({
    schema: z.object({ code: totpCode }),
    submit: async (body) => {
      await hub.stepUp.stepUp({ body });
      onConfirmed();
    },
  });
  return (
    <form {...form.bind} className="grid gap-5">
      {form.error && <ErrorNotice error={form.error} />}
      <CodeField {...form.field('code')} label={t('security.totp.code')} hint={t('security.totp.codeHint')} />
      <SubmitButton label={t('security.stepUp.submit')} sending={form.sending} />
    </form>
  );
}

function PasskeyStep({ onConfirmed }: { onConfirmed: () => void }) {
  const { t } = useTranslation();
  const hub = useHub();
  const show = useMutation({
    mutationFn: async () => {
      const passkey = await showPasskey(await hub.stepUp.stepUpOptions());
      await hub.stepUp.stepUp({ body: { passkey } });
      onConfirmed();
    },
  });
  return (
    <div className="grid gap-4">
      {show.error && <ErrorNotice error={show.error} />}
      <Button
        icon="keys"
        className="h-11 w-full"
        aria-disabled={show.isPending}
        onClick={() => !show.isPending && show.mutate()}
      >
        {t('security.stepUp.passkey')}
      </Button>
    </div>
  );
}

/** Every way in which this person can confirm who they are. */
export function StepUpForm({ ways, onConfirmed }: { ways: readonly Way[]; onConfirmed: () => void }) {
  const { t } = useTranslation();
  const open = ways.filter((way) => way !== 'passkey' || passkeysWork());
  if (open.length === 0) return <p className="text-ink-soft">{t('security.stepUp.none')}</p>;
  return (
    <div className="grid gap-5">
      {open.includes('totp') && <CodeStep onConfirmed={onConfirmed} />}
      {open.includes('password') && <PasswordStep onConfirmed={onConfirmed} />}
      {open.includes('passkey') && <PasskeyStep onConfirmed={onConfirmed} />}
    </div>
  );
}
