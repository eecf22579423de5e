import { type KeptMcpServer, mcpServersContract, type McpServerCheck } from '@smart-ai-hub/shared/contracts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useHub } from '../../api/app-context.tsx';
import { forgetTools } from '../../api/tool-queries.ts';
import { changesOf } from '../../forms/changes-of.ts';
import type { ServerFields } from '../../forms/server-fields.ts';
import { ServerForm } from '../../forms/server-form.tsx';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { Dialog } from '../../ui/dialog.tsx';

interface DialogProps {
  open: boolean;
  commands: readonly string[];
  onClose: () => void;
  onDone: (said: string) => void;
}

export function CreateServerDialog({ open, commands, onClose, onDone }: DialogProps) {
  const { t } = useTranslation();
  const { mcpServers } = useHub();
  const queries = useQueryClient();
  const create = async (fields: ServerFields, found: McpServerCheck['tools']) => {
    const approve = found.map(({ name, definition }) => ({ name, definition }));
    await mcpServers.createMcpServer({ body: { ...fields, approve } });
    await forgetTools(queries);
    onDone(t('tools.done.create', { name: fields.name }));
    onClose();
  };
  return (
    <Dialog open={open} onClose={onClose} title={t('tools.form.title')} dismissible={false}>
      <ServerForm
        commands={commands}
        submit={create}
        submitLabel={t('tools.form.submit')}
        onCancel={onClose}
      />
    </Dialog>
  );
}

const { body: changeable } = mcpServersContract.updateMcpServer;

interface OfServerProps {
  open: boolean;
  server: KeptMcpServer;
  onClose: () => void;
}

/** Changes a server; how it is reached is said anew each time, its secrets only where they are typed. */
export function ChangeServerDialog({
  server,
  ...props
}: OfServerProps & Pick<DialogProps, 'commands' | 'onDone'>) {
  const { t } = useTranslation();
  const { open, commands, onClose, onDone } = props;
  const { mcpServers } = useHub();
  const queries = useQueryClient();
  const save = async (fields: ServerFields) => {
    const body = changesOf(changeable, server, fields);
    await mcpServers.updateMcpServer({ params: { serverId: server.id }, body });
    await forgetTools(queries);
    onDone(t('tools.done.change', { name: fields.name }));
    onClose();
  };
  return (
    <Dialog open={open} onClose={onClose} title={t('tools.form.changeTitle')} dismissible={false}>
      <ServerForm
        server={server}
        commands={commands}
        submit={save}
        submitLabel={t('tools.form.save')}
        onCancel={onClose}
      />
    </Dialog>
  );
}

/** Asks before a server is forgotten. */
export function DeleteServerDialog({
  server,
  open,
  onClose,
  onDeleted,
}: OfServerProps & { onDeleted: () => Promise<void> }) {
  const { t } = useTranslation();
  const { mcpServers } = useHub();
  const queries = useQueryClient();
  const remove = useMutation({
    mutationFn: () => mcpServers.deleteMcpServer({ params: { serverId: server.id } }),
    // the page is left first: it would ask for the tools of what is gone
    onSuccess: async () => {
      await onDeleted();
      await forgetTools(queries);
    },
  });
  return (
    <ConfirmDialog
      open={open}
      onClose={onClose}
      title={t('tools.remove.title')}
      text={t('tools.remove.text', { name: server.name })}
      keep={t('tools.remove.keep')}
      confirm={t('tools.remove.confirm')}
      action={remove}
    />
  );
}
