import type { ComponentProps } from 'react';

export function Table({ label, children }: ComponentProps<'table'> & { label: string }) {
  return (
    <table className="w-full border-collapse text-left text-[0.9375rem]" aria-label={label}>
      {children}
    </table>
  );
}

type CellProps = ComponentProps<'td'> & { numeric?: boolean; wideOnly?: boolean };

function cellClass({ numeric, wideOnly }: CellProps): string {
  return `px-2.5 first:pl-5 last:pr-5 ${numeric ? 'text-right' : ''} ${wideOnly ? 'hidden md:table-cell' : ''}`;
}

export function HeadCell({ numeric, wideOnly, ...props }: CellProps) {
  const place = cellClass({ ...(numeric && { numeric }), ...(wideOnly && { wideOnly }) });
  return <th scope="col" className={`py-3 eyebrow whitespace-nowrap ${place}`} {...props} />;
}

/** `wideOnly` cells repeat what narrow screens show under the first cell of the row. */
export function Cell({ numeric, wideOnly, className = '', ...props }: CellProps) {
  const place = cellClass({ ...(numeric && { numeric }), ...(wideOnly && { wideOnly }) });
  return <td className={`border-t border-line py-3.5 align-baseline ${place} ${className}`} {...props} />;
}
