import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useHub } from '../api/app-context.tsx';
import { providersQuery } from '../api/queries.ts';
import { buttonClass } from '../ui/button.tsx';

/** Ways to sign in by an account elsewhere; nothing where there are none. The hub leads there, and back to `next`. */
export function ProviderLinks({ next }: { next?: string | undefined }) {
  const { t } = useTranslation();
  const { data: providers = [] } = useQuery(providersQuery(useHub()));
  if (providers.length === 0) return null;
  const search = next ? `?${new URLSearchParams({ next })}` : '';
  return (
    <>
      <p className="my-5 flex items-center gap-3 text-sm text-ink-soft before:h-px before:flex-1 before:bg-line after:h-px after:flex-1 after:bg-line">
        {t('account.signIn.or')}
      </p>
      <ul className="grid gap-2.5">
        {providers.map(({ id, name }) => (
          <li key={id}>
            <a href={`/api/v1/auth/oidc/${id}${search}`} className={buttonClass({}, 'w-full')}>
              {t('account.signIn.with', { name })}
            </a>
          </li>
        ))}
      </ul>
    </>
  );
}
