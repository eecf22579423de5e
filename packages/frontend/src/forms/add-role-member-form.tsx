import { rolesContract } from '@smart-ai-hub/shared/contracts';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { useHub } from '../api/app-context.tsx';
import { Button } from '../ui/button.tsx';
import { TextField } from '../ui/field.tsx';
import { ErrorNotice } from '../ui/notice.tsx';
import { useForm } from './use-form.tsx';

const fields = z.object({ userId: z.string().trim().pipe(rolesContract.assignRole.params.shape.userId) });

/** Gives the role to somebody. */
export function AddRoleMemberForm({ role, onAdded }: { role: string; onAdded: () => Promise<void> }) {
  const { t } = useTranslation();
  const { roles } = useHub();
  const form = useForm({
    schema: fields,
    submit: async ({ userId }) => {
      await roles.assignRole({ params: { name: role, userId } });
      await onAdded();
    },
  });
  return (
    <form {...form.bind} className="grid gap-3 p-5">
      {form.error && <ErrorNotice error={form.error} />}
      <div className="flex flex-wrap items-end gap-3">
        <div className="min-w-0 flex-1 basis-64">
          <TextField
            {...form.field('userId')}
            label={t('roles.people.id')}
            autoComplete="off"
            maxLength={36}
          />
        </div>
        <Button type="submit" className="h-11" aria-disabled={form.sending}>
          {form.sending ? t('forms.working') : t('roles.people.add')}
        </Button>
      </div>
    </form>
  );
}
