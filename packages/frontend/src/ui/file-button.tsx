import { useId } from 'react';
import { buttonClass } from './button.tsx';

interface FileButtonProps {
  /** What kind of file, for those who do not see the button beside it. */
  label: string;
  accept: string;
  onChosen: (file: File) => void;
}

/** Chooses a file. The browser's own control would speak the browser's language, so it is out of sight. */
export function FileButton({ label, accept, onChosen }: FileButtonProps) {
  const id = useId();
  return (
    <div className="relative justify-self-start">
      <input
        id={id}
        type="file"
        accept={accept}
        className="peer absolute inset-0 size-full cursor-pointer opacity-0"
        onChange={({ target }) => {
          const [file] = target.files ?? [];
          if (file) onChosen(file);
          target.value = ''; // the same file again, once it is mended, is a change too
        }}
      />
      <label
        htmlFor={id}
        className={buttonClass(
          {},
          'peer-hover:border-line-strong peer-focus-visible:outline-2 peer-focus-visible:outline-offset-2 peer-focus-visible:outline-accent',
        )}
      >
        {label}
      </label>
    </div>
  );
}
