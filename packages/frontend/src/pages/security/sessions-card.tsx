import type { OpenSession } from '@smart-ai-hub/shared/contracts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useHub } from '../../api/app-context.tsx';
import { sessionsQuery } from '../../api/queries.ts';
import { formatCountry } from '../../i18n/format.ts';
import { useLanguage } from '../../i18n/use-language.tsx';
import { Button } from '../../ui/button.tsx';
import { When } from '../../ui/figures.tsx';
import { ErrorNotice } from '../../ui/notice.tsx';
import { Card } from '../../ui/page.tsx';
import { Queried } from '../../ui/queried.tsx';
import { CardHead } from './card-head.tsx';

/** What a browser says of itself, in words. */
function useDeviceWords() {
  const { t } = useTranslation();
  return ({ browser, system }: OpenSession) => {
    if (browser && system) return t('security.sessions.on', { browser, system });
    return browser ?? system ?? t('security.sessions.unknown');
  };
}

function Facts({ session }: { session: OpenSession }) {
  const { t } = useTranslation();
  const language = useLanguage();
  return (
    <dl className="grid gap-x-6 text-sm text-ink-faint sm:grid-cols-2">
      {session.address && (
        <div className="flex flex-wrap gap-x-1.5">
          <dt>{t('security.sessions.address')}:</dt>
          <dd className="break-all">
            {session.address}
            {session.country && ` (${formatCountry(session.country, language)})`}
          </dd>
        </div>
      )}
      <div className="flex flex-wrap gap-x-1.5">
        <dt>{t('security.sessions.by')}:</dt>
        <dd>{t(`security.sessions.ways.${session.signedInBy}`)}</dd>
      </div>
      <div className="flex flex-wrap gap-x-1.5">
        <dt>{t('security.sessions.created')}:</dt>
        <dd>
          <When at={session.createdAt} />
        </dd>
      </div>
      <div className="flex flex-wrap gap-x-1.5">
        <dt>{t('security.sessions.lastUsed')}:</dt>
        <dd>
          <When at={session.lastUsedAt} />
        </dd>
      </div>
    </dl>
  );
}

interface SessionRowProps {
  session: OpenSession;
  device: string;
  onEnd: () => void;
}

function SessionRow({ session, device, onEnd }: SessionRowProps) {
  const { t } = useTranslation();
  return (
    <li className="flex flex-wrap items-center justify-between gap-3 border-t border-line py-3.5">
      <div className="grid min-w-0 gap-1">
        <p className="font-medium">
          {device}
          {session.current && (
            <span className="ml-2 rounded-full bg-accent-soft px-2.5 py-0.5 text-sm text-accent-strong">
              {t('security.sessions.current')}
            </span>
          )}
        </p>
        <Facts session={session} />
      </div>
      {!session.current && (
        <Button size="small" aria-label={t('security.sessions.endNamed', { device })} onClick={onEnd}>
          {t('security.sessions.end')}
        </Button>
      )}
    </li>
  );
}

/** Ends sessions, shows what is left, and says which. */
function useEnd() {
  const hub = useHub();
  const { t } = useTranslation();
  const queries = useQueryClient();
  const deviceWords = useDeviceWords();
  const [said, setSaid] = useState<string>();
  const look = () => queries.invalidateQueries({ queryKey: sessionsQuery(hub).queryKey });
  const end = useMutation({
    mutationFn: async (session: OpenSession | 'others') => {
      setSaid(undefined);
      if (session === 'others') await hub.sessions.endOtherSessions();
      else await hub.sessions.endSession({ params: { sessionId: session.id } });
    },
    onSuccess: async (_, session) => {
      await look();
      setSaid(
        session === 'others'
          ? t('security.sessions.endedOthers')
          : t('security.sessions.ended', { device: deviceWords(session) }),
      );
    },
    onError: look,
  });
  return { end, said };
}

export function SessionsCard() {
  const { t } = useTranslation();
  const sessions = useQuery(sessionsQuery(useHub()));
  const deviceWords = useDeviceWords();
  const { end, said } = useEnd();
  const hasOthers = sessions.data?.some(({ current }) => !current) ?? false;
  const endOthers = hasOthers && (
    <Button disabled={end.isPending} onClick={() => end.mutate('others')}>
      {t('security.sessions.endOthers')}
    </Button>
  );
  return (
    <Card className="grid gap-4 p-5">
      <CardHead title={t('security.sessions.title')} action={endOthers} />
      <p
        role="status"
        className={said ? 'rounded-xl bg-accent-soft px-4 py-3 text-accent-strong' : 'sr-only'}
      >
        {said}
      </p>
      {end.error && <ErrorNotice error={end.error} />}
      <Queried query={sessions}>
        {(items) => (
          <ul aria-label={t('security.sessions.title')}>
            {items.map((session) => (
              <SessionRow
                key={session.id}
                session={session}
                device={deviceWords(session)}
                onEnd={() => end.mutate(session)}
              />
            ))}
          </ul>
        )}
      </Queried>
    </Card>
  );
}
