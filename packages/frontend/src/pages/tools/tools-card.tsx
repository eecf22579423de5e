import type { KeptMcpServer, McpTool } from '@smart-ai-hub/shared/contracts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useHub } from '../../api/app-context.tsx';
import { forgetTools, mcpToolsQuery } from '../../api/tool-queries.ts';
import type { RuleFields } from '../../forms/server-fields.ts';
import { RulesForm } from '../../forms/rules-form.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Empty } from '../../ui/empty.tsx';
import { ErrorNotice } from '../../ui/notice.tsx';
import { Card } from '../../ui/page.tsx';
import { Queried } from '../../ui/queried.tsx';
import { ToolRow } from './tool-row.tsx';

interface ToolsCardProps {
  server: KeptMcpServer;
  onDone: (said: string) => void;
}

/** What an administrator does with tools; afterwards they are looked at anew, and it is said. */
function useActs({ server: { id: serverId }, onDone }: ToolsCardProps) {
  const { mcpServers, mcpUpstreams } = useHub();
  const queries = useQueryClient();
  const params = { serverId };
  const act = useMutation({
    mutationFn: async ({ work, said }: { work: () => Promise<unknown>; said: string }) => {
      await work();
      return said;
    },
    onSuccess: async (said) => {
      await forgetTools(queries);
      onDone(said);
    },
    onError: () => forgetTools(queries), // a refusal too says that the list is old
  });
  const shown = (tools: readonly McpTool[]) => tools.map(({ name, hash }) => ({ name, hash }));
  return {
    ...{ error: act.error, isPending: act.isPending },
    approve: (tools: readonly McpTool[], said: string) =>
      act.mutate({ said, work: () => mcpServers.approveMcpTools({ params, body: { tools: shown(tools) } }) }),
    withdraw: ({ name }: McpTool, said: string) => {
      const body = { names: [name], approved: false as const };
      act.mutate({ said, work: () => mcpServers.updateMcpTools({ params, body }) });
    },
    refresh: (said: string) => act.mutate({ said, work: () => mcpUpstreams.refreshMcpServer({ params }) }),
    rule: async ({ name }: McpTool, rules: RuleFields, said: string) => {
      await mcpServers.updateMcpTools({ params, body: { names: [name], ...rules } });
      await forgetTools(queries);
      onDone(said);
    },
  };
}

type Acts = ReturnType<typeof useActs>;

function Head({ acts, waiting }: { acts: Acts; waiting: readonly McpTool[] }) {
  const { t } = useTranslation();
  return (
    <div className="flex flex-wrap items-center justify-between gap-3 p-5">
      <h2 className="text-lg">{t('tools.list.title')}</h2>
      <div className="flex flex-wrap gap-2">
        <Button size="small" disabled={acts.isPending} onClick={() => acts.refresh(t('tools.done.refresh'))}>
          {t('tools.list.refresh')}
        </Button>
        {waiting.length > 0 && (
          <Button
            size="small"
            disabled={acts.isPending}
            onClick={() => acts.approve(waiting, t('tools.done.approveAll'))}
          >
            {t('tools.list.approveAll')}
          </Button>
        )}
      </div>
    </div>
  );
}

function ToolList({ tools, acts }: { tools: readonly McpTool[]; acts: Acts }) {
  const { t } = useTranslation();
  const [ruled, setRuled] = useState<McpTool>();
  const close = () => setRuled(undefined);
  const save = async (tool: McpTool, rules: RuleFields) => {
    await acts.rule(tool, rules, t('tools.done.rules', { name: tool.name }));
    close();
  };
  if (tools.length === 0)
    return <Empty icon="tools" title={t('tools.list.empty')} text={t('tools.list.emptyText')} />;
  return (
    <>
      <ul aria-label={t('tools.list.title')}>
        {tools.map((tool) => (
          <ToolRow
            key={tool.name}
            tool={tool}
            isPending={acts.isPending}
            onApprove={() => acts.approve([tool], t('tools.done.approve', { name: tool.name }))}
            onWithdraw={() => acts.withdraw(tool, t('tools.done.withdraw', { name: tool.name }))}
            onRules={() => setRuled(tool)}
          />
        ))}
      </ul>
      <Dialog open={!!ruled} onClose={close} title={t('tools.rules.title', { name: ruled?.name ?? '' })}>
        {ruled && <RulesForm tool={ruled} submit={(rules) => save(ruled, rules)} onCancel={close} />}
      </Dialog>
    </>
  );
}

/** Every tool of a server, and what an administrator says of it. */
export function ToolsCard(props: ToolsCardProps) {
  const tools = useQuery(mcpToolsQuery(useHub(), props.server.id));
  const acts = useActs(props);
  return (
    <Card className="overflow-hidden">
      <Head acts={acts} waiting={tools.data?.filter(({ state }) => state === 'waiting') ?? []} />
      {acts.error && (
        <div className="px-5 pb-4">
          <ErrorNotice error={acts.error} />
        </div>
      )}
      <Queried query={tools}>{(list) => <ToolList tools={list} acts={acts} />}</Queried>
    </Card>
  );
}
