import { type Conversation, conversationsContract } from '@smart-ai-hub/shared/contracts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { useHub } from '../../api/app-context.tsx';
import { forgetConversationList } from '../../api/conversation-queries.ts';
import { FormButtons } from '../../forms/form-buttons.tsx';
import { useForm } from '../../forms/use-form.tsx';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { TextField } from '../../ui/field.tsx';
import { ErrorNotice } from '../../ui/notice.tsx';

interface ConversationDialogProps {
  /** The one in question; the dialog is closed while there is none. */
  conversation: Conversation | undefined;
  onClose: () => void;
}

const titleField = z.object({ title: conversationsContract.createConversation.body.shape.title });

function RenameForm({ conversation, onClose }: { conversation: Conversation; onClose: () => void }) {
  const { t } = useTranslation();
  const { conversations } = useHub();
  const queries = useQueryClient();
  const form = useForm({
    schema: titleField,
    submit: async (body) => {
      await conversations.updateConversation({ params: { conversationId: conversation.id }, body });
      await forgetConversationList(queries);
      onClose();
    },
  });
  return (
    <form {...form.bind} className="grid gap-5 pt-2">
      {form.error && <ErrorNotice error={form.error} />}
      <TextField
        {...form.field('title')}
        label={t('chat.rename.name')}
        defaultValue={conversation.title}
        maxLength={200}
        autoComplete="off"
      />
      <FormButtons
        submit={t('chat.rename.submit')}
        sending={form.sending}
        cancel={t('chat.rename.cancel')}
        onCancel={onClose}
      />
    </form>
  );
}

export function RenameDialog({ conversation, onClose }: ConversationDialogProps) {
  const { t } = useTranslation();
  return (
    <Dialog open={conversation !== undefined} onClose={onClose} title={t('chat.rename.title')}>
      {conversation && <RenameForm conversation={conversation} onClose={onClose} />}
    </Dialog>
  );
}

export function DeleteDialog({
  conversation,
  onClose,
  onDeleted,
}: ConversationDialogProps & { onDeleted: (id: string) => void }) {
  const { t } = useTranslation();
  const { conversations } = useHub();
  const queries = useQueryClient();
  const id = conversation?.id ?? '';
  const action = useMutation({
    mutationFn: () => conversations.deleteConversation({ params: { conversationId: id } }),
    onSuccess: async () => {
      await forgetConversationList(queries);
      onDeleted(id);
      onClose();
    },
  });
  return (
    <ConfirmDialog
      open={conversation !== undefined}
      onClose={onClose}
      title={t('chat.delete.title')}
      text={t('chat.delete.text', { title: conversation?.title ?? '' })}
      keep={t('chat.delete.keep')}
      confirm={t('chat.delete.confirm')}
      action={action}
    />
  );
}
