import { Button } from './button.tsx';
import { CopyButton } from './copy-button.tsx';

interface ShownOnceProps {
  /** Why it has to be kept now, a paragraph each. */
  texts: readonly string[];
  label: string;
  secret: string;
  done: string;
  onDone: () => void;
}

/** The one time that a secret is shown, to be copied. */
export function ShownOnce({ texts, label, secret, done, onDone }: ShownOnceProps) {
  return (
    <div className="grid gap-5">
      {texts.map((text) => (
        <p key={text} className="text-ink-soft">
          {text}
        </p>
      ))}
      <output
        aria-label={label}
        className="block rounded-lg bg-sunken px-4 py-3 font-mono text-sm break-all select-all"
      >
        {secret}
      </output>
      <div className="flex justify-end gap-2">
        <Button tone="plain" onClick={onDone}>
          {done}
        </Button>
        <CopyButton text={secret} tone="primary" />
      </div>
    </div>
  );
}
