import type { Person } from '@smart-ai-hub/shared/contracts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useHub } from '../../api/app-context.tsx';
import { forgetPeople } from '../../api/people-queries.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorNotice } from '../../ui/notice.tsx';
import { perform, type UserAct } from './user-acts.ts';

interface ConfirmUserActProps {
  act: UserAct;
  person: Person;
  onBack: () => void;
  onDone: () => void;
}

/** Says what will happen, and does it. */
export function ConfirmUserAct({ act, person, onBack, onDone }: ConfirmUserActProps) {
  const { t } = useTranslation();
  const hub = useHub();
  const queries = useQueryClient();
  const acting = useMutation({
    mutationFn: () => perform(hub, act, person),
    onSuccess: async () => {
      await forgetPeople(queries);
      onDone();
    },
  });
  return (
    <div className="grid gap-5">
      <p className="break-words text-ink-soft">{t(`users.confirm.${act}`, { email: person.email })}</p>
      {acting.error && <ErrorNotice error={acting.error} />}
      <div className="flex flex-wrap justify-end gap-2">
        <Button onClick={onBack}>{t('users.confirm.back')}</Button>
        <Button
          tone={act === 'enable' ? 'primary' : 'danger'}
          disabled={acting.isPending}
          onClick={() => acting.mutate()}
        >
          {t(`users.act.${act}`)}
        </Button>
      </div>
    </div>
  );
}
