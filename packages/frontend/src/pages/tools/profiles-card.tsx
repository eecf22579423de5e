import type { KeptMcpServer, McpProfile } from '@smart-ai-hub/shared/contracts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useHub } from '../../api/app-context.tsx';
import { forgetTools, mcpProfilesQuery } from '../../api/tool-queries.ts';
import { type ProfileFields, ProfileToolsForm } from '../../forms/profile-tools-form.tsx';
import { Button } from '../../ui/button.tsx';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Empty } from '../../ui/empty.tsx';
import { Card } from '../../ui/page.tsx';
import { Queried } from '../../ui/queried.tsx';

interface ProfilesCardProps {
  servers: readonly KeptMcpServer[];
  onDone: (said: string) => void;
}

interface RowProps {
  profile: McpProfile;
  onChange: () => void;
  onDelete: () => void;
}

function Row({ profile: { name, title, tools }, onChange, onDelete }: RowProps) {
  const { t } = useTranslation();
  return (
    <li className="flex flex-wrap items-start justify-between gap-3 border-t border-line p-5">
      <div className="grid min-w-0 gap-1">
        <p className="font-medium break-words">{title || name}</p>
        <code className="text-sm break-all text-ink-soft">/mcp/{name}</code>
        <p className="text-sm text-ink-soft">{t('tools.profiles.count', { count: tools.length })}</p>
      </div>
      <div className="flex flex-wrap gap-1.5">
        <Button size="small" aria-label={t('tools.act.changeNamed', { name })} onClick={onChange}>
          {t('tools.act.change')}
        </Button>
        <Button size="small" aria-label={t('tools.act.deleteNamed', { name })} onClick={onDelete}>
          {t('tools.act.delete')}
        </Button>
      </div>
    </li>
  );
}

interface AboutProps extends ProfilesCardProps {
  /** Nothing while the dialog is closed; `new` for one that there is not yet. */
  about: McpProfile | 'new' | undefined;
  onClose: () => void;
}

function ProfileDialog({ about, servers, onClose, onDone }: AboutProps) {
  const { t } = useTranslation();
  const { mcpProfiles } = useHub();
  const queries = useQueryClient();
  const profile = about === 'new' ? undefined : about;
  const save = async (body: ProfileFields) => {
    if (profile) await mcpProfiles.updateMcpProfile({ params: { profileId: profile.id }, body });
    else await mcpProfiles.createMcpProfile({ body });
    await forgetTools(queries);
    onDone(t(profile ? 'tools.done.change' : 'tools.done.create', { name: body.name }));
    onClose();
  };
  const title = t(profile ? 'tools.profiles.changeTitle' : 'tools.profiles.formTitle');
  return (
    <Dialog open={about !== undefined} onClose={onClose} title={title} dismissible={false}>
      <ProfileToolsForm profile={profile} servers={servers} submit={save} onCancel={onClose} />
    </Dialog>
  );
}

interface DeleteProps extends Pick<AboutProps, 'onClose' | 'onDone'> {
  profile: McpProfile | undefined;
}

function DeleteProfileDialog({ profile, onClose, onDone }: DeleteProps) {
  const { t } = useTranslation();
  const { mcpProfiles } = useHub();
  const queries = useQueryClient();
  const name = profile?.name ?? '';
  const remove = useMutation({
    mutationFn: async () => {
      if (profile) await mcpProfiles.deleteMcpProfile({ params: { profileId: profile.id } });
    },
    onSuccess: async () => {
      await forgetTools(queries);
      onDone(t('tools.done.delete', { name }));
      onClose();
    },
  });
  return (
    <ConfirmDialog
      open={profile !== undefined}
      onClose={onClose}
      title={t('tools.profiles.removeTitle')}
      text={t('tools.profiles.removeText', { name })}
      keep={t('tools.remove.keep')}
      confirm={t('tools.profiles.removeConfirm')}
      action={remove}
    />
  );
}

/** Lists of chosen tools, each with an address of its own. */
export function ProfilesCard(props: ProfilesCardProps) {
  const { t } = useTranslation();
  const profiles = useQuery(mcpProfilesQuery(useHub()));
  const [about, setAbout] = useState<McpProfile | 'new'>();
  const [doomed, setDoomed] = useState<McpProfile>();
  return (
    <Card className="overflow-hidden">
      <div className="flex flex-wrap items-center justify-between gap-3 p-5">
        <div className="grid gap-1">
          <h2 className="text-lg">{t('tools.profiles.title')}</h2>
          <p className="text-sm text-ink-soft">{t('tools.profiles.text')}</p>
        </div>
        <Button icon="plus" onClick={() => setAbout('new')}>
          {t('tools.profiles.create')}
        </Button>
      </div>
      <Queried query={profiles}>
        {(items) =>
          items.length > 0 ? (
            <ul aria-label={t('tools.profiles.title')}>
              {items.map((profile) => (
                <Row
                  key={profile.id}
                  profile={profile}
                  onChange={() => setAbout(profile)}
                  onDelete={() => setDoomed(profile)}
                />
              ))}
            </ul>
          ) : (
            <Empty icon="tools" title={t('tools.profiles.empty')} text={t('tools.profiles.emptyText')} />
          )
        }
      </Queried>
      <ProfileDialog about={about} {...props} onClose={() => setAbout(undefined)} />
      <DeleteProfileDialog profile={doomed} onClose={() => setDoomed(undefined)} onDone={props.onDone} />
    </Card>
  );
}
