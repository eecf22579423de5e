import { Button } from './button.tsx';
import { Dialog } from './dialog.tsx';
import { ErrorNotice } from './notice.tsx';

interface ConfirmDialogProps {
  open: boolean;
  onClose: () => void;
  title: string;
  text: string;
  /** What leaves everything as it is. */
  keep: string;
  confirm: string;
  action: { mutate: () => void; isPending: boolean; error: Error | null; reset: () => void };
}

/** Asks before something is undone that cannot be brought back. */
export function ConfirmDialog({ open, onClose, title, text, keep, confirm, action }: ConfirmDialogProps) {
  const close = () => {
    action.reset();
    onClose();
  };
  return (
    <Dialog open={open} onClose={close} title={title}>
      <div className="grid gap-5">
        <p className="break-words text-ink-soft">{text}</p>
        {action.error && <ErrorNotice error={action.error} />}
        <div className="flex flex-wrap justify-end gap-2">
          <Button onClick={close}>{keep}</Button>
          <Button tone="danger" disabled={action.isPending} onClick={() => action.mutate()}>
            {confirm}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
