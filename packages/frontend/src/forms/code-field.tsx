import type { ComponentProps } from 'react';
import { TextField } from '../ui/field.tsx';

/** For a code of six digits; phones show digits and offer the code themselves. */
export function CodeField(props: ComponentProps<typeof TextField>) {
  return (
    <TextField {...props} inputMode="numeric" autoComplete="one-time-code" spellCheck={false} maxLength={7} />
  );
}
