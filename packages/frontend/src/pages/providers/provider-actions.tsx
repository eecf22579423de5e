import type { KeptProvider } from '@smart-ai-hub/shared/contracts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useHub } from '../../api/app-context.tsx';
import { moved } from '../../api/moved.ts';
import { forgetProviders } from '../../api/provider-queries.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { ErrorNotice } from '../../ui/notice.tsx';

interface ProviderActionsProps {
  kept: readonly KeptProvider[];
  place: number;
  provider: KeptProvider;
  onChange: () => void;
  onDelete: () => void;
  onDone: (said: string) => void;
}

/** Puts a provider one place further up or down. */
function Order({ kept, place, provider, onDone }: Omit<ProviderActionsProps, 'onChange' | 'onDelete'>) {
  const { t } = useTranslation();
  const { providers } = useHub();
  const queries = useQueryClient();
  const { name } = provider;
  const move = useMutation({
    mutationFn: (by: number) =>
      providers.reorderProviders({ body: { ids: moved(kept, place, by).map(({ id }) => id) } }),
    onSuccess: async () => {
      await forgetProviders(queries);
      onDone(t('providers.done.move', { name }));
    },
  });
  return (
    <>
      {move.error && <ErrorNotice error={move.error} />}
      <span className="flex">
        <IconButton
          icon="up"
          label={t('providers.act.upNamed', { name })}
          aria-disabled={place === 0}
          className="aria-disabled:opacity-55"
          onClick={() => place > 0 && move.mutate(-1)}
        />
        <IconButton
          icon="down"
          label={t('providers.act.downNamed', { name })}
          aria-disabled={place === kept.length - 1}
          className="aria-disabled:opacity-55"
          onClick={() => place < kept.length - 1 && move.mutate(1)}
        />
      </span>
    </>
  );
}

function SwitchButton({ provider, onDone }: Pick<ProviderActionsProps, 'provider' | 'onDone'>) {
  const { t } = useTranslation();
  const { providers } = useHub();
  const queries = useQueryClient();
  const { id: providerId, name, active } = provider;
  const act = active ? 'off' : 'on';
  const toggle = useMutation({
    mutationFn: () => providers.updateProvider({ params: { providerId }, body: { active: !active } }),
    onSuccess: async () => {
      await forgetProviders(queries);
      onDone(t(`providers.done.${act}`, { name }));
    },
  });
  return (
    <>
      {toggle.error && <ErrorNotice error={toggle.error} />}
      <Button
        size="small"
        aria-label={t(`providers.act.${act}Named`, { name })}
        disabled={toggle.isPending}
        onClick={() => toggle.mutate()}
      >
        {t(`providers.act.${act}`)}
      </Button>
    </>
  );
}

/** What can be done with a provider that is kept in the hub. */
export function ProviderActions({ onChange, onDelete, ...props }: ProviderActionsProps) {
  const { t } = useTranslation();
  const { name } = props.provider;
  return (
    <div className="flex flex-wrap items-center justify-end gap-1.5">
      <Button size="small" aria-label={t('providers.act.changeNamed', { name })} onClick={onChange}>
        {t('providers.act.change')}
      </Button>
      <SwitchButton provider={props.provider} onDone={props.onDone} />
      <Button size="small" aria-label={t('providers.act.deleteNamed', { name })} onClick={onDelete}>
        {t('providers.act.delete')}
      </Button>
      <Order {...props} />
    </div>
  );
}
