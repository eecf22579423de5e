import type { KeptMcpServer } from '@smart-ai-hub/shared/contracts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useHub } from '../../api/app-context.tsx';
import { forgetTools, mcpServersQuery } from '../../api/tool-queries.ts';
import { useMay } from '../../api/use-scopes.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorNotice } from '../../ui/notice.tsx';
import { Card, Page } from '../../ui/page.tsx';
import { Queried } from '../../ui/queried.tsx';
import { StatusLine } from '../../ui/status-line.tsx';
import { NotFoundPage } from '../problem-pages.tsx';
import { ChangeServerDialog, DeleteServerDialog } from './server-dialogs.tsx';
import { ServerBadges, targetWords } from './server-table.tsx';
import { ToolsCard } from './tools-card.tsx';

interface ServerProps {
  server: KeptMcpServer;
  commands: readonly string[];
}

/** What can be done with a server, and the dialogs behind it. */
function Actions({ server, commands, onDone }: ServerProps & { onDone: (said: string) => void }) {
  const { t } = useTranslation();
  const { mcpServers } = useHub();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [asked, setAsked] = useState<'change' | 'delete'>();
  const close = () => setAsked(undefined);
  const { id: serverId, name, active } = server;
  const act = active ? 'off' : 'on';
  const toggle = useMutation({
    mutationFn: () => mcpServers.updateMcpServer({ params: { serverId }, body: { active: !active } }),
    onSuccess: async () => {
      await forgetTools(queries);
      onDone(t(`tools.done.${act}`, { name }));
    },
  });
  return (
    <div className="flex flex-wrap gap-2">
      {toggle.error && <ErrorNotice error={toggle.error} />}
      <Button aria-label={t('tools.act.changeNamed', { name })} onClick={() => setAsked('change')}>
        {t('tools.act.change')}
      </Button>
      <Button
        aria-label={t(`tools.act.${act}Named`, { name })}
        disabled={toggle.isPending}
        onClick={() => toggle.mutate()}
      >
        {t(`tools.act.${act}`)}
      </Button>
      <Button aria-label={t('tools.act.deleteNamed', { name })} onClick={() => setAsked('delete')}>
        {t('tools.act.delete')}
      </Button>
      <ChangeServerDialog open={asked === 'change'} {...{ server, commands, onDone }} onClose={close} />
      <DeleteServerDialog
        open={asked === 'delete'}
        server={server}
        onClose={close}
        onDeleted={() => navigate({ to: '/admin/tools' })}
      />
    </div>
  );
}

function ServerView({ server, commands }: ServerProps) {
  const { t } = useTranslation();
  const [said, setSaid] = useState<string>();
  return (
    <Page
      title={server.name}
      text={t('tools.oneText')}
      action={<Actions {...{ server, commands }} onDone={setSaid} />}
    >
      <Link to="/admin/tools" className="text-accent underline underline-offset-4">
        {t('tools.back')}
      </Link>
      <StatusLine text={said} />
      <Card className="grid gap-2 p-5">
        <ServerBadges server={server} />
        <p className="text-sm text-ink-soft">{t(`tools.transports.${server.transport.type}`)}</p>
        <code className="text-sm break-all">{targetWords(server)}</code>
      </Card>
      <ToolsCard server={server} onDone={setSaid} />
    </Page>
  );
}

function FoundServer() {
  const { serverId } = useParams({ from: '/member/admin/tools/$serverId' });
  const servers = useQuery(mcpServersQuery(useHub()));
  return (
    <Queried query={servers}>
      {({ items, stdioCommands }) => {
        const server = items.find(({ id }) => id === serverId);
        return server ? (
          <ServerView key={serverId} server={server} commands={stdioCommands} />
        ) : (
          <NotFoundPage />
        );
      }}
    </Queried>
  );
}

/** One MCP server, and its tools. */
export const ServerPage = () => (useMay('tools:configure') ? <FoundServer /> : <NotFoundPage />);
