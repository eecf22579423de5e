import type { ComponentProps } from 'react';

export function Table({ label, children }: ComponentProps<'table'> & { label: string }) {
  return (
    <table className="w-full border-collapse text-left text-[0.9375rem]" aria-label={label}>
      {children}
    </table>
  );
}

/** From which width on a cell is there: `very` is for tables of many columns, for which half a screen is too little. */
const WIDTHS = { wide: 'hidden md:table-cell', very: 'hidden lg:table-cell' } as const;

type CellProps = ComponentProps<'td'> & { numeric?: boolean; wideOnly?: boolean | 'very' };

function cellClass({ numeric, wideOnly }: CellProps): string {
  return `px-2.5 first:pl-5 last:pr-5 ${numeric ? 'text-right' : ''} ${wideOnly ? WIDTHS[wideOnly === 'very' ? 'very' : 'wide'] : ''}`;
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
