import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button, type ButtonLook } from './button.tsx';

type Copied = 'idle' | 'copied' | 'failed';

interface CopyButtonProps extends ButtonLook {
  text: string;
  label?: string;
  /** For screen readers, where several stand on a page; begins with the label. */
  name?: string;
}

/** Copies a text and says so. Browsers have a clipboard in secure contexts only. */
export function CopyButton({ text, label, name, ...look }: CopyButtonProps) {
  const { t } = useTranslation();
  const [state, setState] = useState<Copied>('idle');

  const copy = async () => {
    const copied = await writeClipboard(text);
    setState(copied ? 'copied' : 'failed');
    setTimeout(() => setState('idle'), 2500);
  };

  const words = {
    idle: label ?? t('shell.copy.copy'),
    copied: t('shell.copy.copied'),
    failed: t('shell.copy.failed'),
  };
  return (
    <Button
      {...look}
      aria-label={state === 'idle' ? name : undefined}
      icon={state === 'copied' ? 'check' : 'copy'}
      onClick={() => void copy()}
    >
      <span aria-live="polite">{words[state]}</span>
    </Button>
  );
}

async function writeClipboard(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false; // forbidden, or there is no clipboard: the button says what to do instead
  }
}
