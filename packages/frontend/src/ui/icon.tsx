/** Strokes on a 24 by 24 grid; drawn for this product, so that no icon package is needed. */
const PATHS = {
  overview:
    'M4 7.5A2.5 2.5 0 0 1 6.5 5H18v4M4 7.5V17a2 2 0 0 0 2 2h13a1 1 0 0 0 1-1V10a1 1 0 0 0-1-1H6a2 2 0 0 1-2-1.5ZM16 14h.01',
  chat: 'M5 5h14a1 1 0 0 1 1 1v9a1 1 0 0 1-1 1h-7l-4.5 4v-4H5a1 1 0 0 1-1-1V6a1 1 0 0 1 1-1ZM8 9h8M8 12h5',
  connect: 'm8 8-4.5 4L8 16M16 8l4.5 4-4.5 4M13.5 5l-3 14',
  keys: 'M14.5 4a5.5 5.5 0 1 1-4.2 9L5 18.5V20H3v-2.5L9.6 11A5.5 5.5 0 0 1 14.5 4ZM16 8.5h.01M7 16.5 9 18.5',
  partner:
    'M8.5 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6ZM3 19a5.5 5.5 0 0 1 11 0M15.5 11a3 3 0 1 0-1.2-5.7M16 13.7a5.5 5.5 0 0 1 5 5.3',
  linkedAccounts:
    'M10 14a4 4 0 0 1 0-5.7l3-3a4 4 0 0 1 5.7 5.7l-1.5 1.5M14 10a4 4 0 0 1 0 5.7l-3 3a4 4 0 0 1-5.7-5.7l1.5-1.5',
  usage: 'M4 20h16M7 20v-6M12 20V5M17 20v-9',
  models: 'M12 4 3.5 8.5 12 13l8.5-4.5L12 4ZM4 12.5l8 4.3 8-4.3M4 16.5l8 4.3 8-4.3',
  security: 'M12 3.5 5 6v5.5c0 4.2 2.9 7.4 7 9 4.1-1.6 7-4.8 7-9V6l-7-2.5ZM9 12l2.2 2.2L15.2 10',
  device: 'M4 5h16v11H4zM2.5 19.5h19',
  roles: 'M12 3.5 5 6v5.5c0 4.5 3 7.6 7 9 4-1.4 7-4.5 7-9V6l-7-2.5ZM9 12l2.2 2.2L15.2 10',
  audit: 'M7 3.5h10a1 1 0 0 1 1 1v15a1 1 0 0 1-1 1H7a1 1 0 0 1-1-1v-15a1 1 0 0 1 1-1ZM9 8h6M9 12h6M9 16h3',
  grants: 'M9 15l6-6M10.5 6.5l2-2a4.2 4.2 0 0 1 6 6l-2 2M13.5 17.5l-2 2a4.2 4.2 0 0 1-6-6l2-2',
  credits:
    'M12 10c3.9 0 7-1.3 7-3s-3.1-3-7-3-7 1.3-7 3 3.1 3 7 3ZM5 7v5c0 1.7 3.1 3 7 3s7-1.3 7-3V7M5 12v5c0 1.7 3.1 3 7 3s7-1.3 7-3v-5',
  accounts:
    'M4.5 4h15a1 1 0 0 1 1 1v14a1 1 0 0 1-1 1h-15a1 1 0 0 1-1-1V5a1 1 0 0 1 1-1ZM3.5 9h17M8 4v16M11.5 13h6M11.5 16.5h4',
  prices: 'M12.5 4H20v7.5L11.5 20 4 12.5 12.5 4ZM16 8h.01',
  promos:
    'M5 6.5h14a1 1 0 0 1 1 1V10a2 2 0 0 0 0 4v2.5a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1V14a2 2 0 0 0 0-4V7.5a1 1 0 0 1 1-1ZM14 9.5v1M14 13.5v1',
  webhooks:
    'M9.2 6.5a3.2 3.2 0 1 1 4.4 4L10 16.6M6.4 13.4a3.2 3.2 0 1 0 3.8 4.2h7M14 7.6l3.4 5.9a3.2 3.2 0 1 1-3.2 5.4',
  status: 'M3 12h4l2.5-6.5 5 13L17 12h4',
  providers: 'M9 3.5V8M15 3.5V8M6 8h12v3.5a6 6 0 0 1-12 0V8ZM12 17.5v3',
  tools:
    'M14.5 6.5a4 4 0 0 1 5-1.6l-2.7 2.7v2.1h2.1l2.7-2.7a4 4 0 0 1-5.6 4.8L8.7 19a2.1 2.1 0 0 1-3-3l7.3-7.3a4 4 0 0 1 1.5-2.2Z',
  up: 'm6 14.5 6-6 6 6',
  down: 'm6 9.5 6 6 6-6',
  more: 'M6 12h.01M12 12h.01M18 12h.01',
  menu: 'M4 7h16M4 12h16M4 17h16',
  close: 'M6 6l12 12M18 6 6 18',
  check: 'm5 12.5 4.5 4.5L19 7.5',
  copy: 'M9 9h10v11H9zM5 15V4h10v1.5',
  plus: 'M12 5v14M5 12h14',
  send: 'M12 19V5M6 11l6-6 6 6',
  stop: 'M7 7h10v10H7z',
  person: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8ZM4.5 20a7.5 7.5 0 0 1 15 0',
  users:
    'M9 11.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7ZM2.5 19.5a6.5 6.5 0 0 1 13 0M16 4.8a3.5 3.5 0 0 1 0 6.4M18 14a6.5 6.5 0 0 1 3.5 5.5',
  teams:
    'M12 9.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5ZM5.5 19.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5ZM18.5 19.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5ZM12 9.5V12M5.5 14.5V12h13v2.5',
  globe: 'M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17ZM3.5 12h17M12 3.5c5 5 5 12 0 17-5-5-5-12 0-17Z',
  eye: 'M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12ZM12 14.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5Z',
  eyeOff:
    'M4 4l16 16M9.5 5.9A9 9 0 0 1 12 5.5c6 0 9.5 6.5 9.5 6.5a17 17 0 0 1-2.6 3.4M6.4 7.6A16.5 16.5 0 0 0 2.5 12S6 18.5 12 18.5a9 9 0 0 0 4.3-1.1M10 10a2.7 2.7 0 0 0 4 4',
  warning: 'M12 4 2.5 20h19L12 4ZM12 10v4.5M12 17.3h.01',
  chevron: 'm8 10 4 4 4-4',
  search: 'M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13ZM15.5 15.5 20 20',
} as const;

export type IconName = keyof typeof PATHS;

/** Decoration beside words; whoever shows an icon alone gives its button a name. */
export function Icon({ name, className = 'size-5' }: { name: IconName; className?: string }) {
  return (
    <svg
      viewBox="0 0 24 24"
      aria-hidden="true"
      className={`shrink-0 ${className}`}
      fill="none"
      stroke="currentColor"
      strokeWidth="1.7"
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      <path d={PATHS[name]} />
    </svg>
  );
}
