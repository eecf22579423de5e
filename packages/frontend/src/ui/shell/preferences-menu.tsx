import { DropdownMenu } from 'radix-ui';
import { useSyncExternalStore, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useApp } from '../../api/app-context.tsx';
import { isLanguage, LANGUAGES } from '../../i18n/language.ts';
import { useLanguage } from '../../i18n/use-language.tsx';
import { Icon } from '../icon.tsx';
import { isTheme, THEMES } from '../theme.ts';

const ITEM_CLASS =
  'flex cursor-pointer items-center gap-2 rounded-md px-2.5 py-2 outline-none data-highlighted:bg-sunken';

/** A choice of one among a few, with its heading. */
function Choice({
  title,
  value,
  options,
  onChoose,
}: {
  title: string;
  value: string;
  options: readonly (readonly [value: string, label: string])[];
  onChoose: (value: string) => void;
}) {
  return (
    <DropdownMenu.RadioGroup value={value} onValueChange={onChoose} aria-label={title}>
      <DropdownMenu.Label className="px-2.5 pt-2 pb-1 eyebrow">{title}</DropdownMenu.Label>
      {options.map(([option, label]) => (
        <DropdownMenu.RadioItem key={option} value={option} className={ITEM_CLASS}>
          <span className="flex-1">{label}</span>
          <DropdownMenu.ItemIndicator>
            <Icon name="check" className="size-4.5 text-accent" />
          </DropdownMenu.ItemIndicator>
        </DropdownMenu.RadioItem>
      ))}
    </DropdownMenu.RadioGroup>
  );
}

function LanguageChoice() {
  const { t } = useTranslation();
  const { chooseLanguage } = useApp();
  return (
    <Choice
      title={t('shell.menu.language')}
      value={useLanguage()}
      options={Object.entries(LANGUAGES)}
      onChoose={(value) => isLanguage(value) && chooseLanguage(value)}
    />
  );
}

function ThemeChoice() {
  const { t } = useTranslation();
  const { theme } = useApp();
  return (
    <Choice
      title={t('shell.menu.theme')}
      value={useSyncExternalStore(theme.subscribe, theme.theme)}
      options={THEMES.map((name) => [name, t(`shell.menu.${name}`)] as const)}
      onChoose={(value) => isTheme(value) && theme.choose(value)}
    />
  );
}

interface MenuProps {
  label?: string;
  trigger: ReactNode;
  triggerClass: string;
  children?: ReactNode;
}

/** Not modal: Radix's scroll lock writes a style element, which the content security policy forbids. */
export function PreferencesMenu({ label, trigger, triggerClass, children }: MenuProps) {
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger aria-label={label} className={triggerClass}>
        {trigger}
      </DropdownMenu.Trigger>
      <DropdownMenu.Content
        align="start"
        sideOffset={6}
        collisionPadding={12}
        className="z-20 w-(--radix-dropdown-menu-trigger-width) min-w-54 rounded-xl border border-line bg-surface p-1.5 shadow-lift appear"
      >
        <LanguageChoice />
        <ThemeChoice />
        {children}
      </DropdownMenu.Content>
    </DropdownMenu.Root>
  );
}

export function MenuAction({ children, onSelect }: { children: ReactNode; onSelect: () => void }) {
  return (
    <>
      <DropdownMenu.Separator className="mx-2 my-1.5 h-px bg-line" />
      <DropdownMenu.Item className={ITEM_CLASS} onSelect={onSelect}>
        {children}
      </DropdownMenu.Item>
    </>
  );
}
