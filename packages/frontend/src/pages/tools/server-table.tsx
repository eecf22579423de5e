import type { KeptMcpServer } from '@smart-ai-hub/shared/contracts';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useHub } from '../../api/app-context.tsx';
import { mcpHealthQuery } from '../../api/tool-queries.ts';
import { Badge } from '../../ui/badge.tsx';
import { Cell, HeadCell, Table } from '../../ui/table.tsx';
import { HealthBadge } from '../status/health-badge.tsx';

/** Where a server is: its address, or its program with what it is told. */
export const targetWords = ({ transport }: KeptMcpServer): string =>
  transport.type === 'http' ? transport.url : [transport.command, ...transport.args].join(' ');

/** On or off, and what stands in the way; how it answers where somebody can say. */
export function ServerBadges({
  server: { id, active, allowed, secretsReadable },
}: {
  server: KeptMcpServer;
}) {
  const { t } = useTranslation();
  const health = useQuery(mcpHealthQuery(useHub())).data?.get(id)?.state;
  return (
    <span className="inline-flex flex-wrap gap-1.5">
      <Badge tone={active ? 'good' : 'quiet'}>{t(active ? 'tools.states.on' : 'tools.states.off')}</Badge>
      {!allowed && <Badge tone="bad">{t('tools.states.refused')}</Badge>}
      {!secretsReadable && <Badge tone="bad">{t('tools.states.unreadable')}</Badge>}
      {health && <HealthBadge state={health} />}
    </span>
  );
}

function Row({ server }: { server: KeptMcpServer }) {
  const { t } = useTranslation();
  const { approved, waiting, changed } = server.tools;
  const counts = t('tools.counts', {
    ...{ approved: String(approved), waiting: String(waiting), changed: String(changed) },
  });
  return (
    <tr>
      <Cell className="max-lg:w-full">
        <Link
          to="/admin/tools/$serverId"
          params={{ serverId: server.id }}
          className="mr-2 font-medium break-all text-accent underline underline-offset-4"
        >
          {server.name}
        </Link>
        <ServerBadges server={server} />
        <div className="mt-1 grid gap-1 text-sm text-ink-soft lg:hidden">
          <code className="break-all">{targetWords(server)}</code>
          <span>{counts}</span>
        </div>
      </Cell>
      <Cell wideOnly="very" className="text-sm text-ink-soft">
        {t(`tools.transports.${server.transport.type}`)}
        <code className="block break-all">{targetWords(server)}</code>
      </Cell>
      <Cell wideOnly="very" className="text-sm text-ink-soft">
        {counts}
      </Cell>
    </tr>
  );
}

/** Every server by name. */
export function ServerTable({ servers }: { servers: readonly KeptMcpServer[] }) {
  const { t } = useTranslation();
  return (
    <Table label={t('tools.title')}>
      <thead>
        <tr>
          <HeadCell>{t('tools.one')}</HeadCell>
          <HeadCell wideOnly="very">{t('tools.target')}</HeadCell>
          <HeadCell wideOnly="very">{t('tools.count')}</HeadCell>
        </tr>
      </thead>
      <tbody>
        {servers.map((server) => (
          <Row key={server.id} server={server} />
        ))}
      </tbody>
    </Table>
  );
}
