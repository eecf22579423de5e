import type { KeptMcpServer, McpServerHealth } from '@smart-ai-hub/shared/contracts';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Count, When } from '../../ui/figures.tsx';
import { Cell, HeadCell, Table } from '../../ui/table.tsx';
import { HealthBadge } from './health-badge.tsx';

interface ServerHealthTableProps {
  servers: readonly KeptMcpServer[];
  health: ReadonlyMap<string, McpServerHealth>;
}

/** The MCP servers that are on, by name. */
export function ServerHealthTable({ servers, health }: ServerHealthTableProps) {
  const { t } = useTranslation();
  return (
    <Table label={t('status.servers')}>
      <thead>
        <tr>
          <HeadCell>{t('tools.one')}</HeadCell>
          <HeadCell numeric>{t('status.open')}</HeadCell>
        </tr>
      </thead>
      <tbody>
        {servers.map(({ id, name }) => {
          const { state = 'unasked', since, error, open = 0 } = health.get(id) ?? {};
          return (
            <tr key={id}>
              <Cell className="w-full">
                <Link
                  to="/admin/tools/$serverId"
                  params={{ serverId: id }}
                  className="mr-2 font-medium break-all text-accent underline underline-offset-4"
                >
                  {name}
                </Link>
                <HealthBadge state={state} />
                {since && (
                  <p className="text-sm text-ink-faint">
                    {t('status.since')} <When at={since} />
                  </p>
                )}
                {error && (
                  <p lang="en" className="text-sm wrap-anywhere text-ink-soft">
                    {error}
                  </p>
                )}
              </Cell>
              <Cell numeric>
                <Count value={open} />
              </Cell>
            </tr>
          );
        })}
      </tbody>
    </Table>
  );
}
