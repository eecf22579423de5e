import { useLayoutEffect, useId, useRef, type ReactNode } from 'react';

interface DialogProps {
  open: boolean;
  onClose: () => void;
  title: string;
  /** Where it stands: in the middle, or along the edge as a menu. */
  place?: 'middle' | 'edge';
  /** A click beside it closes it; not where it shows what is shown only once. */
  dismissible?: boolean;
  children: ReactNode;
}

const PLACES = {
  middle: 'm-auto w-[min(30rem,calc(100vw-2rem))] rounded-2xl p-6 shadow-lift appear',
  edge: 'm-0 h-dvh max-h-none w-[min(19rem,85vw)] p-4',
} as const;

/**
 * The browser's own modal dialog: it keeps the focus, gives it back, and closes on Escape. Radix's
 * would write a style element into the page, which the content security policy forbids.
 */
export function Dialog({
  open,
  onClose,
  title,
  place = 'middle',
  dismissible = true,
  children,
}: DialogProps) {
  const ref = useRef<HTMLDialogElement>(null);
  const titleId = useId();

  // in the frame in which the page says what was done: after it, nothing would be open any more
  useLayoutEffect(() => {
    const dialog = ref.current;
    if (open && !dialog?.open) dialog?.showModal();
    if (!open && dialog?.open) dialog.close();
  }, [open]);

  return (
    <dialog
      ref={ref}
      aria-labelledby={titleId}
      onClose={onClose}
      closedby={dismissible ? 'any' : 'closerequest'}
      className={`border border-line bg-surface ${PLACES[place]}`}
    >
      {open && (
        <>
          <h2 id={titleId} className={place === 'edge' ? 'sr-only' : 'mb-2 text-xl'}>
            {title}
          </h2>
          {children}
        </>
      )}
    </dialog>
  );
}
