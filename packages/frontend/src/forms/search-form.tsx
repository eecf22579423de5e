import type { z } from 'zod';
import { Button } from '../ui/button.tsx';
import { SelectField, TextField } from '../ui/field.tsx';
import { useFilterForm } from './use-form.tsx';

interface SearchFormProps<F> {
  /** Of the fields `search` and `state`. */
  schema: z.ZodType<F>;
  label: string;
  submit: string;
  maxLength: number;
  stateLabel: string;
  states: readonly (readonly [value: string, label: string])[];
  onFilter: (filter: F) => void;
}

/** Narrows a list. The search takes effect when it is sent, the state at once. */
export function SearchForm<F>({ schema, onFilter, ...words }: SearchFormProps<F>) {
  const form = useFilterForm({ schema, onFilter });
  return (
    <form {...form.bind} role="search" className="flex flex-wrap items-start gap-3">
      <div className="min-w-0 flex-1 basis-56">
        <TextField
          {...form.field('search')}
          label={words.label}
          maxLength={words.maxLength}
          autoComplete="off"
        />
      </div>
      <div className="basis-48">
        <SelectField
          {...form.field('state')}
          label={words.stateLabel}
          onChange={({ target }) => target.form?.requestSubmit()}
        >
          {words.states.map(([value, label]) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </SelectField>
      </div>
      {/* as far down as the fields beside it, which have a label above */}
      <Button type="submit" icon="search" className="mt-6.5 h-11">
        {words.submit}
      </Button>
    </form>
  );
}
