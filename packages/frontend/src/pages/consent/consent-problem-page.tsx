import { useTranslation } from 'react-i18next';
import { Page } from '../../ui/page.tsx';
import { Bare } from '../problem-pages.tsx';

/** What people can be told of; everything else is for the makers of the program. */
const KNOWN = ['invalid_client', 'invalid_redirect_uri', 'invalid_request'] as const;

/** Only a word of the standards: whoever sends people here must not choose what they read. */
const wordIn = (hash: string) => /^#([a-z_]{1,40})$/.exec(hash)?.[1] ?? 'invalid_request';

/** Where a request ends that cannot be answered where it came from. */
export function ConsentProblemPage() {
  const { t } = useTranslation();
  const word = wordIn(window.location.hash);
  const known = KNOWN.find((one) => one === word);
  return (
    <Bare>
      <Page title={t('consent.problem.title')} {...(known && { text: t(`consent.problem.${known}`) })}>
        <p>
          {t('consent.problem.text')} <code>{word}</code>
        </p>
      </Page>
    </Bare>
  );
}
