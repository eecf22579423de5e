import { auditContract, type AuditFilter } from '@smart-ai-hub/shared/contracts';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { Button } from '../ui/button.tsx';
import { TextField } from '../ui/field.tsx';
import { dayStart } from './day-start.ts';
import { optional } from './typed-values.ts';
import { useFilterForm } from './use-form.tsx';

const { actorId, action, targetId } = auditContract.exportAudit.query.shape;

/** What is left empty does not narrow. */
const fields = z.object({
  action: optional(action),
  actorId: optional(actorId),
  targetId: optional(targetId),
  from: dayStart(0),
  to: dayStart(1),
});

/** Narrows what is shown, and what is exported. */
export function AuditFilterForm({ onFilter }: { onFilter: (filter: AuditFilter) => void }) {
  const { t } = useTranslation();
  const form = useFilterForm({ schema: fields, onFilter });
  return (
    <form {...form.bind} aria-label={t('audit.filter.label')} className="grid gap-4 p-5">
      <div className="grid gap-4 sm:grid-cols-2 lg:grid-cols-3">
        <TextField
          {...form.field('action')}
          label={t('audit.filter.action')}
          hint={t('audit.filter.actionHint')}
          autoComplete="off"
        />
        <TextField {...form.field('actorId')} label={t('audit.filter.actor')} autoComplete="off" />
        <TextField {...form.field('targetId')} label={t('audit.filter.target')} autoComplete="off" />
        <TextField {...form.field('from')} type="date" label={t('audit.filter.from')} />
        <TextField {...form.field('to')} type="date" label={t('audit.filter.to')} />
      </div>
      <div className="flex justify-end">
        <Button type="submit">{t('audit.filter.apply')}</Button>
      </div>
    </form>
  );
}
