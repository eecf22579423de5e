import { useMutation } from '@tanstack/react-query';
import { useRef, useState, type SubmitEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import { checkFields, mistakeWords, type Mistakes } from './check-fields.ts';

interface Fields<S extends z.ZodType> {
  schema: S;
  /** What belongs to the call but not to the fields. */
  values?: Record<string, unknown>;
}

interface FilterOptions<S extends z.ZodType> extends Fields<S> {
  onFilter: (data: z.output<S>) => void;
}

interface FormOptions<S extends z.ZodType> extends Fields<S> {
  submit: (data: z.output<S>) => Promise<void>;
}

/** A form over a schema that narrows what is shown, at once: checks, and shows mistakes at their fields. */
export function useFilterForm<S extends z.ZodType>({ schema, values, onFilter }: FilterOptions<S>) {
  const { t } = useTranslation();
  const form = useRef<HTMLFormElement>(null);
  const [mistakes, setMistakes] = useState<Mistakes>({});

  const onSubmit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const checked = checkFields(schema, { ...typedIn(event.currentTarget), ...values });
    setMistakes(checked.ok ? {} : checked.mistakes);
    if (checked.ok) onFilter(checked.data);
    else focusOn(form.current, Object.keys(checked.mistakes)[0]);
  };

  const errorOf = (name: string) => {
    const mistake = mistakes[name];
    return mistake && mistakeWords(mistake, t);
  };

  return {
    bind: { ref: form, onSubmit, noValidate: true },
    field: (name: string) => ({ name, error: errorOf(name) }),
  };
}

/** A form over the contract's schema, as above; it is sent once. */
export function useForm<S extends z.ZodType>({ submit, ...fields }: FormOptions<S>) {
  const sending = useMutation({ mutationFn: submit });
  const send = (data: z.output<S>) => {
    if (!sending.isPending) sending.mutate(data);
  };
  const form = useFilterForm({ ...fields, onFilter: send });
  return { ...form, sending: sending.isPending, error: sending.error };
}

/** What the fields hold. What the browser cannot read, such as half a date, is no value: empty means something else. */
function typedIn(form: HTMLFormElement) {
  const values = new Map(new FormData(form));
  for (const control of form.elements) {
    if (control instanceof HTMLInputElement && control.validity.badInput) values.delete(control.name);
  }
  return Object.fromEntries(values);
}

function focusOn(form: HTMLFormElement | null, name: string | undefined) {
  const control = name && form?.elements.namedItem(name);
  if (!(control instanceof HTMLElement)) return;
  const folded = control.closest('details');
  if (folded) folded.open = true; // what is folded away takes no focus
  control.focus();
}
