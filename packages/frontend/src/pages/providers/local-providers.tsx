import type { LocalProvider } from '@smart-ai-hub/shared/contracts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useHub } from '../../api/app-context.tsx';
import { forgetProviders, localProvidersQuery } from '../../api/provider-queries.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorNotice } from '../../ui/notice.tsx';
import { Card } from '../../ui/page.tsx';

/** What a provider may have at most; nobody runs as many at home. */
const MOST = 500;

interface LocalProvidersProps {
  onDone: (said: string) => void;
}

function Found({ found: { baseUrl, models }, onDone }: LocalProvidersProps & { found: LocalProvider }) {
  const { t } = useTranslation();
  const { providers } = useHub();
  const queries = useQueryClient();
  const name = `local-${new URL(baseUrl).port}`;
  const add = useMutation({
    mutationFn: () => {
      const body = { name, baseUrl, models: models.slice(0, MOST).map((id) => ({ id })) };
      return providers.createProvider({ body });
    },
    onSuccess: async () => {
      await forgetProviders(queries);
      onDone(t('providers.done.create', { name }));
    },
  });
  return (
    <Card className="flex flex-wrap items-center justify-between gap-4 p-5">
      <div className="grid gap-1">
        <h2 className="text-lg">{t('providers.local.title')}</h2>
        <p className="text-ink-soft">{t('providers.local.text', { count: models.length })}</p>
        <code className="text-sm text-ink-soft">{baseUrl}</code>
      </div>
      {add.error && <ErrorNotice error={add.error} />}
      <Button disabled={add.isPending} onClick={() => add.mutate()}>
        {t('providers.local.add')}
      </Button>
    </Card>
  );
}

/** Servers of models beside the hub, each to be added by one press; nothing where none answers. */
export function LocalProviders({ onDone }: LocalProvidersProps) {
  const { data = [] } = useQuery(localProvidersQuery(useHub()));
  return data.map((found) => <Found key={found.baseUrl} found={found} onDone={onDone} />);
}
