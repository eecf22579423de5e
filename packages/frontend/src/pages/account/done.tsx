/** Says that something was done, aloud too; silent until then. */
export function Done({ words }: { words: string | undefined }) {
  return (
    <p role="status" className={words ? 'rounded-xl bg-accent-soft px-4 py-3 text-accent-strong' : 'sr-only'}>
      {words}
    </p>
  );
}
