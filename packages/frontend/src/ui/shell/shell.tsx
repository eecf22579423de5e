import { Link, Outlet, useRouterState } from '@tanstack/react-router';
import { useLayoutEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Brand } from '../brand.tsx';
import { IconButton } from '../button.tsx';
import { Dialog } from '../dialog.tsx';
import { AccountMenu } from './account-menu.tsx';
import { LowBalanceLine } from './low-balance-line.tsx';
import { BalanceLine, Navigation } from './navigation.tsx';
import { StepUpDialog } from './step-up-dialog.tsx';
import { UnverifiedLine } from './unverified-line.tsx';

function SideBar() {
  return (
    <aside className="sticky top-0 hidden h-dvh flex-col gap-7 border-r border-line px-3.5 py-5 md:flex">
      <Link to="/" className="rounded-lg px-2.5 py-1">
        <Brand />
      </Link>
      {/* scrolls by itself, so that the account menu below stays in sight; room for outlines, which it would cut */}
      <div className="-m-1 min-h-0 overflow-y-auto p-1">
        <Navigation />
      </div>
      <div className="mt-auto grid gap-3">
        <div className="px-2.5">
          <BalanceLine />
        </div>
        <AccountMenu />
      </div>
    </aside>
  );
}

function TopBar() {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  return (
    <header className="sticky top-0 z-10 flex items-center justify-between border-b border-line bg-canvas px-4 py-2 md:hidden">
      <Link to="/" className="rounded-lg py-1">
        <Brand />
      </Link>
      <IconButton
        icon="menu"
        label={t('shell.nav.open')}
        aria-expanded={open}
        onClick={() => setOpen(true)}
      />
      <Dialog open={open} onClose={() => setOpen(false)} title={t('shell.nav.label')} place="edge">
        <div className="flex h-full flex-col gap-6">
          <div className="flex items-center justify-between pl-2.5">
            <Brand />
            <IconButton icon="close" label={t('shell.nav.close')} onClick={() => setOpen(false)} />
          </div>
          <Navigation onChosen={() => setOpen(false)} />
          <div className="mt-auto grid gap-3">
            <div className="px-2.5">
              <BalanceLine />
            </div>
            <AccountMenu onChosen={() => setOpen(false)} />
          </div>
        </div>
      </Dialog>
    </header>
  );
}

/** After a change of page the focus goes to it, as it would after a page load. */
function useFocusOnChange() {
  const ref = useRef<HTMLElement>(null);
  const path = useRouterState({ select: ({ location }) => location.pathname });
  const shown = useRef(path);
  useLayoutEffect(() => {
    if (shown.current !== path) ref.current?.focus({ preventScroll: true });
    shown.current = path;
  }, [path]);
  return ref;
}

export function Shell() {
  const { t } = useTranslation();
  const main = useFocusOnChange();
  return (
    <div className="min-h-dvh md:grid md:grid-cols-[15.5rem_minmax(0,1fr)]">
      <a
        href="#main"
        className="fixed top-2 left-2 z-30 -translate-y-20 rounded-lg bg-accent px-4 py-2 text-on-accent focus:translate-y-0"
      >
        {t('shell.skip')}
      </a>
      <SideBar />
      <div className="flex min-h-dvh min-w-0 flex-col">
        <TopBar />
        <UnverifiedLine />
        <LowBalanceLine />
        <main id="main" ref={main} tabIndex={-1} className="relative flex-1">
          <Outlet />
        </main>
      </div>
      <StepUpDialog />
    </div>
  );
}
