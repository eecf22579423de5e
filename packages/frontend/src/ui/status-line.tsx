/** What was just done, said to screen readers too; out of sight until there is something. */
export function StatusLine({ text }: { text: string | undefined }) {
  return (
    <p role="status" className={text ? 'rounded-xl bg-accent-soft px-4 py-3 text-accent-strong' : 'sr-only'}>
      {text}
    </p>
  );
}
