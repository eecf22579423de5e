import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { forgetPromos } from '../../api/promo-queries.ts';
import { saveFile } from '../../api/save-file.ts';
import { PromoBatchForm } from '../../forms/promo-batch-form.tsx';
import type { PromoBatch } from '../../forms/promo-fields.ts';
import { formatCount } from '../../i18n/format.ts';
import { useLanguage } from '../../i18n/use-language.tsx';
import { Button } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { INPUT_CLASS } from '../../ui/field.tsx';
import { batchCsv } from './batch-csv.ts';

const FILE_NAME = 'promo-codes.csv';

interface Made {
  codes: string[];
  batch: PromoBatch;
}

/** The one time that codes of a batch are shown together. A text field, since there may be thousands. */
function MadeBatch({ codes, batch, onDone }: Made & { onDone: () => void }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const text = codes.join('\n');
  const save = () => saveFile(FILE_NAME, new Blob([batchCsv(codes, batch)], { type: 'text/csv' }));
  return (
    <div className="grid gap-5">
      <p className="text-ink-soft">{t('promos.made.text', { codes: formatCount(codes.length, language) })}</p>
      <textarea
        readOnly
        aria-label={t('promos.made.label')}
        value={text}
        rows={Math.min(codes.length, 8)}
        className={`${INPUT_CLASS} resize-none py-2 font-mono text-sm`}
      />
      <div className="flex flex-wrap justify-end gap-2">
        <Button tone="plain" onClick={onDone}>
          {t('promos.made.done')}
        </Button>
        <CopyButton text={text} />
        <Button tone="primary" onClick={save}>
          {t('promos.made.download')}
        </Button>
      </div>
    </div>
  );
}

interface BatchDialogProps {
  open: boolean;
  onClose: () => void;
}

/** The codes stand in this component alone, and are gone when the dialog closes. */
export function BatchDialog({ open, onClose }: BatchDialogProps) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [made, setMade] = useState<Made>();
  const close = () => {
    setMade(undefined);
    onClose();
  };
  const keep = async (codes: string[], batch: PromoBatch) => {
    setMade({ codes, batch });
    await forgetPromos(queries);
  };
  return (
    <Dialog
      open={open}
      onClose={close}
      title={t(made ? 'promos.made.title' : 'promos.many.title')}
      dismissible={!made}
    >
      {made ? <MadeBatch {...made} onDone={close} /> : <PromoBatchForm onMade={keep} onCancel={close} />}
    </Dialog>
  );
}
