import { useId, type ComponentProps, type ReactNode } from 'react';

export const INPUT_CLASS =
  'w-full rounded-lg border border-line-strong bg-surface px-3 text-ink placeholder:text-ink-faint aria-invalid:border-danger focus-visible:outline-offset-0';

interface FieldProps {
  label: string;
  hint?: string | undefined;
  error?: string | undefined;
}

/** Ties a control to its label, hint and mistake. */
function Field({ label, hint, error, id, children }: FieldProps & { id: string; children: ReactNode }) {
  return (
    <div className="grid gap-1.5">
      <label htmlFor={id} className="text-sm font-medium">
        {label}
      </label>
      {children}
      {error && (
        <p id={`${id}-error`} className="text-sm text-danger">
          {error}
        </p>
      )}
      {hint && !error && (
        <p id={`${id}-hint`} className="text-sm text-ink-faint">
          {hint}
        </p>
      )}
    </div>
  );
}

function described(id: string, { hint, error }: Pick<FieldProps, 'hint' | 'error'>) {
  if (error) return { 'aria-invalid': true, 'aria-describedby': `${id}-error` } as const;
  return hint ? { 'aria-describedby': `${id}-hint` } : {};
}

type TextFieldProps = FieldProps & ComponentProps<'input'> & { action?: ReactNode };

export function TextField({ label, hint, error, action, ...input }: TextFieldProps) {
  const id = useId();
  return (
    <Field id={id} label={label} hint={hint} error={error}>
      <div className="relative">
        <input
          id={id}
          className={`${INPUT_CLASS} h-11 ${action ? 'pr-12' : ''}`}
          {...described(id, { hint, error })}
          {...input}
        />
        {action && <div className="absolute inset-y-0 right-0.5 flex items-center">{action}</div>}
      </div>
    </Field>
  );
}

export function AreaField({ label, hint, error, ...area }: FieldProps & ComponentProps<'textarea'>) {
  const id = useId();
  return (
    <Field id={id} label={label} hint={hint} error={error}>
      <textarea
        id={id}
        className={`${INPUT_CLASS} field-sizing-content max-h-64 min-h-24 py-2`}
        {...described(id, { hint, error })}
        {...area}
      />
    </Field>
  );
}

export function SelectField({
  label,
  hint,
  error,
  children,
  ...select
}: FieldProps & ComponentProps<'select'>) {
  const id = useId();
  return (
    <Field id={id} label={label} hint={hint} error={error}>
      <select id={id} className={`${INPUT_CLASS} h-11`} {...described(id, { hint, error })} {...select}>
        {children}
      </select>
    </Field>
  );
}
