import {
  recoveryCode,
  type SecondFactorNeeded,
  type Session,
  totpCode,
} from '@smart-ai-hub/shared/contracts';
import { useLayoutEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { useHub } from '../api/app-context.tsx';
import { Button } from '../ui/button.tsx';
import { TextField } from '../ui/field.tsx';
import { ErrorNotice } from '../ui/notice.tsx';
import { CodeField } from './code-field.tsx';
import { SubmitButton } from './submit-button.tsx';
import { useForm } from './use-form.tsx';

interface FormProps {
  challenge: string;
  onSession: (session: Session) => void;
}

function CodeForm({ challenge, onSession }: FormProps) {
  const { t } = useTranslation();
  const { visitor } = useHub();
  const form = useForm({
    schema: z.object({ code: totpCode }),
    submit: async (proof) => onSession(await visitor.secondFactor({ body: { challenge, ...proof } })),
  });
  return (
    <form {...form.bind} className="grid gap-5">
      <p className="text-ink-soft">{t('security.second.text')}</p>
      {form.error && <ErrorNotice error={form.error} />}
      <CodeField {...form.field('code')} label={t('security.second.code')} />
      <SubmitButton label={t('security.second.submit')} sending={form.sending} />
    </form>
  );
}

function RecoveryForm({ challenge, onSession }: FormProps) {
  const { t } = useTranslation();
  const { visitor } = useHub();
  const form = useForm({
    schema: z.object({ recoveryCode }),
    submit: async (proof) => onSession(await visitor.secondFactor({ body: { challenge, ...proof } })),
  });
  return (
    <form {...form.bind} className="grid gap-5">
      <p className="text-ink-soft">{t('security.second.recoveryText')}</p>
      {form.error && <ErrorNotice error={form.error} />}
      <TextField
        {...form.field('recoveryCode')}
        label={t('security.second.recoveryCode')}
        autoComplete="off"
        spellCheck={false}
      />
      <SubmitButton label={t('security.second.submit')} sending={form.sending} />
    </form>
  );
}

interface SecondFactorFormProps {
  needed: SecondFactorNeeded['secondFactor'];
  onSession: (session: Session) => void;
  onRestart: () => void;
}

/** What comes after the first factor, whichever that was; the focus goes along. */
export function SecondFactorForm({ needed, onSession, onRestart }: SecondFactorFormProps) {
  const { t } = useTranslation();
  const [byRecovery, setByRecovery] = useState(false);
  const place = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => place.current?.querySelector('input')?.focus(), [byRecovery]);
  const Form = byRecovery ? RecoveryForm : CodeForm;
  return (
    <div ref={place} className="grid gap-4">
      <Form challenge={needed.challenge} onSession={onSession} />
      <div className="flex flex-wrap justify-between gap-2">
        {needed.methods.includes('recovery-code') && (
          <Button tone="plain" size="small" onClick={() => setByRecovery(!byRecovery)}>
            {byRecovery ? t('security.second.useCode') : t('security.second.useRecovery')}
          </Button>
        )}
        <Button tone="plain" size="small" onClick={onRestart}>
          {t('security.second.restart')}
        </Button>
      </div>
    </div>
  );
}
