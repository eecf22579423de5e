import { useMutation } from '@tanstack/react-query';
import { Button } from './button.tsx';
import { Dialog } from './dialog.tsx';
import { ErrorNotice } from './notice.tsx';

interface ConfirmDialogProps {
  open: boolean;
  onClose: () => void;
  /** The question, what follows from a yes, and the two answers. */
  words: { title: string; text: string; yes: string; no: string };
  /** What a yes does; the dialog stays open while it fails. */
  act: () => Promise<void>;
}

/** Asks before something that cannot be taken back. */
export function ConfirmDialog({ open, onClose, words, act }: ConfirmDialogProps) {
  const acting = useMutation({ mutationFn: act, onSuccess: onClose });
  const close = () => {
    acting.reset();
    onClose();
  };
  return (
    <Dialog open={open} onClose={close} title={words.title}>
      <div className="grid gap-5">
        <p className="text-ink-soft">{words.text}</p>
        {acting.error && <ErrorNotice error={acting.error} />}
        <div className="flex flex-wrap justify-end gap-2">
          <Button onClick={close}>{words.no}</Button>
          <Button tone="danger" disabled={acting.isPending} onClick={() => acting.mutate()}>
            {words.yes}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
