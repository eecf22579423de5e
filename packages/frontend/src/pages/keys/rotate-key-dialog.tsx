import { type ApiKey, keysContract } from '@smart-ai-hub/shared/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { useHub } from '../../api/app-context.tsx';
import { keysQuery } from '../../api/queries.ts';
import { FormButtons } from '../../forms/form-buttons.tsx';
import { useForm } from '../../forms/use-form.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { SelectField } from '../../ui/field.tsx';
import { ErrorNotice } from '../../ui/notice.tsx';
import { MadeKey } from './made-key.tsx';

/** How long the old key works on, in seconds. */
const OVERLAPS = { none: 0, hour: 3_600, day: 86_400, week: 604_800 } as const;
const OVERLAP_NAMES = ['none', 'hour', 'day', 'week'] as const;

const fields = z.object({ overlap: z.enum(OVERLAP_NAMES).transform((name) => OVERLAPS[name]) });

interface RotateKeyFormProps {
  apiKey: ApiKey;
  onMade: (secret: string) => Promise<void>;
  onCancel: () => void;
}

function RotateKeyForm({ apiKey, onMade, onCancel }: RotateKeyFormProps) {
  const { t } = useTranslation();
  const { keys } = useHub();
  const form = useForm({
    schema: fields,
    submit: async ({ overlap }) => {
      const body = keysContract.rotateKey.body.parse({ overlapSeconds: overlap });
      await onMade((await keys.rotateKey({ params: { keyId: apiKey.id }, body })).key);
    },
  });
  return (
    <form {...form.bind} className="grid gap-5">
      <p className="text-ink-soft">{t('keys.rotate.text', { name: apiKey.name })}</p>
      {form.error && <ErrorNotice error={form.error} />}
      <SelectField {...form.field('overlap')} label={t('keys.rotate.overlap')} defaultValue="day">
        {OVERLAP_NAMES.map((name) => (
          <option key={name} value={name}>
            {t(`keys.rotate.overlaps.${name}`)}
          </option>
        ))}
      </SelectField>
      <FormButtons
        submit={t('keys.rotate.submit')}
        sending={form.sending}
        cancel={t('keys.form.cancel')}
        onCancel={onCancel}
      />
    </form>
  );
}

interface RotateKeyDialogProps {
  /** The key in question; the dialog is closed while there is none. */
  apiKey: ApiKey | undefined;
  onClose: () => void;
}

/** The new key stands in this component alone, and is gone when the dialog closes. */
export function RotateKeyDialog({ apiKey, onClose }: RotateKeyDialogProps) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const hub = useHub();
  const [secret, setSecret] = useState<string>();

  const close = () => {
    setSecret(undefined);
    onClose();
  };
  const made = async (key: string) => {
    setSecret(key);
    await queries.invalidateQueries({ queryKey: keysQuery(hub).queryKey });
  };
  return (
    <Dialog
      open={apiKey !== undefined}
      onClose={close}
      title={secret ? t('keys.made.title') : t('keys.rotate.title')}
      dismissible={!secret}
    >
      {secret && <MadeKey secret={secret} onDone={close} />}
      {!secret && apiKey && <RotateKeyForm apiKey={apiKey} onMade={made} onCancel={close} />}
    </Dialog>
  );
}
