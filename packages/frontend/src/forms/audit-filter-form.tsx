import { auditContract, type AuditFilter } from '@smart-ai-hub/shared/contracts';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { Button } from '../ui/button.tsx';
import { TextField } from '../ui/field.tsx';
import { useForm } from './use-form.tsx';

const { actorId, action, targetId } = auditContract.exportAudit.query.shape;

/** What is left empty does not narrow. */
const optional = (schema: z.ZodType<string | undefined, string | undefined>) =>
  z
    .string()
    .trim()
    .transform((text) => (text === '' ? undefined : text))
    .pipe(schema);

/** A day of a calendar as the moment it begins here, some days later. */
const dayStart = (later: number) =>
  optional(z.iso.date().optional()).transform((day) => {
    if (day === undefined) return undefined;
    const moment = new Date(`${day}T00:00`);
    moment.setDate(moment.getDate() + later);
    return moment.toISOString();
  });

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
  const form = useForm({
    schema: fields,
    submit: (filter) => {
      onFilter(filter);
      return Promise.resolve();
    },
  });
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
