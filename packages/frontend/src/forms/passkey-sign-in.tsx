import type { Session } from '@smart-ai-hub/shared/contracts';
import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useHub } from '../api/app-context.tsx';
import { passkeysWork, showPasskey } from '../api/passkeys.ts';
import { Button } from '../ui/button.tsx';
import { ErrorNotice } from '../ui/notice.tsx';

/** A button in place of name and password; not there where the browser has no passkeys. */
export function PasskeySignIn({ onSession }: { onSession: (session: Session) => void }) {
  const { t } = useTranslation();
  const { visitor } = useHub();
  const signIn = useMutation({
    mutationFn: async () => {
      const passkey = await showPasskey(await visitor.passkeySignInOptions());
      onSession(await visitor.passkeySignIn({ body: { passkey } }));
    },
  });
  if (!passkeysWork()) return null;
  return (
    <div className="mt-4 grid gap-4">
      <Button
        icon="keys"
        className="h-11 w-full"
        aria-disabled={signIn.isPending}
        onClick={() => !signIn.isPending && signIn.mutate()}
      >
        {t('security.passkeys.signIn')}
      </Button>
      {signIn.error && <ErrorNotice error={signIn.error} />}
    </div>
  );
}
