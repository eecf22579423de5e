import type { Passkey } from '@smart-ai-hub/shared/contracts';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useHub } from '../../api/app-context.tsx';
import { passkeysWork } from '../../api/passkeys.ts';
import { passkeysQuery } from '../../api/queries.ts';
import { Button } from '../../ui/button.tsx';
import { When } from '../../ui/figures.tsx';
import { Card } from '../../ui/page.tsx';
import { Queried } from '../../ui/queried.tsx';
import { CardHead } from './card-head.tsx';
import { AddPasskeyDialog, RemovePasskeyDialog, RenamePasskeyDialog } from './passkey-dialogs.tsx';

interface PasskeyRowProps {
  passkey: Passkey;
  onRename: () => void;
  onRemove: () => void;
}

function PasskeyRow({ passkey: { name, createdAt, lastUsedAt }, onRename, onRemove }: PasskeyRowProps) {
  const { t } = useTranslation();
  return (
    <li className="flex flex-wrap items-center justify-between gap-3 border-t border-line py-3.5">
      <div className="min-w-0">
        <span className="font-medium break-words">{name}</span>
        <span className="block text-sm text-ink-faint">
          {t('security.passkeys.made')}: <When at={createdAt} />
        </span>
        <span className="block text-sm text-ink-faint">
          {t('security.passkeys.lastUsed')}:{' '}
          {lastUsedAt ? <When at={lastUsedAt} /> : t('security.passkeys.notUsed')}
        </span>
      </div>
      <div className="flex gap-2">
        <Button size="small" aria-label={t('security.passkeys.renameNamed', { name })} onClick={onRename}>
          {t('security.passkeys.rename')}
        </Button>
        <Button size="small" aria-label={t('security.passkeys.removeNamed', { name })} onClick={onRemove}>
          {t('security.passkeys.remove')}
        </Button>
      </div>
    </li>
  );
}

interface PasskeyListProps {
  passkeys: Passkey[];
  onRename: (passkey: Passkey) => void;
  onRemove: (passkey: Passkey) => void;
}

function PasskeyList({ passkeys, onRename, onRemove }: PasskeyListProps) {
  const { t } = useTranslation();
  if (passkeys.length === 0) return <p className="text-ink-soft">{t('security.passkeys.empty')}</p>;
  return (
    <ul aria-label={t('security.passkeys.title')}>
      {passkeys.map((passkey) => (
        <PasskeyRow
          key={passkey.id}
          passkey={passkey}
          onRename={() => onRename(passkey)}
          onRemove={() => onRemove(passkey)}
        />
      ))}
    </ul>
  );
}

export function PasskeysCard() {
  const { t } = useTranslation();
  const passkeys = useQuery(passkeysQuery(useHub()));
  const [adding, setAdding] = useState(false);
  const [renaming, setRenaming] = useState<Passkey>();
  const [removing, setRemoving] = useState<Passkey>();
  const add = passkeysWork() && (
    <Button icon="plus" onClick={() => setAdding(true)}>
      {t('security.passkeys.add')}
    </Button>
  );
  return (
    <Card className="grid gap-4 p-5">
      <CardHead title={t('security.passkeys.title')} text={t('security.passkeys.text')} action={add} />
      {!passkeysWork() && <p className="text-sm text-ink-soft">{t('security.passkeys.needName')}</p>}
      <Queried query={passkeys}>
        {(items) => <PasskeyList passkeys={items} onRename={setRenaming} onRemove={setRemoving} />}
      </Queried>
      <AddPasskeyDialog open={adding} onClose={() => setAdding(false)} />
      <RenamePasskeyDialog passkey={renaming} onClose={() => setRenaming(undefined)} />
      <RemovePasskeyDialog passkey={removing} onClose={() => setRemoving(undefined)} />
    </Card>
  );
}
