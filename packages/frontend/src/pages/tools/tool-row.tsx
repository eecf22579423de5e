import type { McpTool, McpToolDefinition } from '@smart-ai-hub/shared/contracts';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { formatCredits } from '../../i18n/format.ts';
import { useLanguage } from '../../i18n/use-language.tsx';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Credits } from '../../ui/figures.tsx';

const TONES = { approved: 'good', waiting: 'quiet', changed: 'bad', gone: 'quiet' } as const;

/** Whom a tool is for, and when it asks, in a few words. */
function useRuleWords({ permission, roles, openToGuests, confirm, confirmAboveMicro }: McpTool): string {
  const { t } = useTranslation();
  const language = useLanguage();
  return [
    permission,
    ...(roles ?? []),
    openToGuests && t('tools.list.guests'),
    confirm && t('tools.list.asks'),
    confirmAboveMicro !== null &&
      t('tools.list.asksAbove', { amount: formatCredits(confirmAboveMicro, language) }),
  ]
    .filter(Boolean)
    .join(' · ');
}

function Json({ title, definition }: { title: string; definition: McpToolDefinition }) {
  return (
    <figure className="grid min-w-0 gap-1">
      <figcaption className="text-sm font-medium">{title}</figcaption>
      <pre className="rounded-lg bg-sunken p-3 text-[0.8125rem] wrap-anywhere whitespace-pre-wrap">
        {JSON.stringify(definition, null, 2)}
      </pre>
    </figure>
  );
}

/** What the server says of a tool now, and beside it what was approved where that differs. */
function Definition({ tool: { definition, approvedDefinition } }: { tool: McpTool }) {
  const { t } = useTranslation();
  return (
    <details>
      <summary className="cursor-pointer rounded-lg py-1 text-sm">{t('tools.list.definition')}</summary>
      <div className={`grid gap-3 pt-2 ${approvedDefinition ? 'md:grid-cols-2' : ''}`}>
        {approvedDefinition && <Json title={t('tools.list.before')} definition={approvedDefinition} />}
        <Json title={t('tools.list.now')} definition={definition} />
      </div>
    </details>
  );
}

interface ToolRowProps {
  tool: McpTool;
  isPending: boolean;
  onApprove: () => void;
  onWithdraw: () => void;
  onRules: () => void;
}

function Actions({ tool: { name, state }, isPending, onApprove, onWithdraw, onRules }: ToolRowProps) {
  const { t } = useTranslation();
  const mayApprove = state === 'waiting' || state === 'changed';
  return (
    <div className="flex flex-wrap gap-1.5">
      {mayApprove && (
        <Button
          size="small"
          aria-label={t('tools.act.approveNamed', { name })}
          disabled={isPending}
          onClick={onApprove}
        >
          {t('tools.act.approve')}
        </Button>
      )}
      {state === 'approved' && (
        <Button
          size="small"
          aria-label={t('tools.act.withdrawNamed', { name })}
          disabled={isPending}
          onClick={onWithdraw}
        >
          {t('tools.act.withdraw')}
        </Button>
      )}
      <Button size="small" aria-label={t('tools.act.rulesNamed', { name })} onClick={onRules}>
        {t('tools.act.rules')}
      </Button>
    </div>
  );
}

/** One tool: what it is, whether it is used, by whom, and for how much. */
export function ToolRow(props: ToolRowProps) {
  const { t } = useTranslation();
  const { tool } = props;
  return (
    <li className="grid gap-2 border-t border-line p-5">
      <div className="flex flex-wrap items-start justify-between gap-3">
        <div className="grid min-w-0 gap-1">
          <p className="flex flex-wrap items-center gap-2">
            <code className="font-medium break-all">{tool.callName}</code>
            <Badge tone={TONES[tool.state]}>{t(`tools.toolStates.${tool.state}`)}</Badge>
          </p>
          {tool.definition.description && (
            <p className="line-clamp-3 text-sm wrap-anywhere text-ink-soft">{tool.definition.description}</p>
          )}
        </div>
        <Actions {...props} />
      </div>
      <dl className="flex flex-wrap gap-x-6 gap-y-1 text-sm">
        <div className="flex gap-2">
          <dt className="text-ink-soft">{t('tools.list.price')}</dt>
          <dd>
            <Link to="/admin/prices" className="text-accent underline underline-offset-4">
              <Credits micro={tool.priceMicro} />
            </Link>
          </dd>
        </div>
        <div className="flex gap-2">
          <dt className="text-ink-soft">{t('tools.list.rules')}</dt>
          <dd>{useRuleWords(tool)}</dd>
        </div>
      </dl>
      <Definition tool={tool} />
    </li>
  );
}
