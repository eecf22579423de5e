export const partner = {
  title: 'Partner sessions',
  text: 'Let a partner’s program work for you without giving it your password: open a session, copy it, and paste it there.',
  create: 'New partner session',
  empty: 'No partner sessions',
  emptyText: 'Open one when a partner asks for a verified session of yours.',
  session: 'Session',
  created: 'Opened',
  lastUsed: 'Last used',
  expires: 'Ends',
  notUsed: 'Not yet',
  actions: 'Actions',
  end: 'End',
  endNamed: 'End {{prefix}}…',
  about: {
    title: 'What a partner session is',
    may: {
      name: 'It may',
      text: 'use models and tools for you, which your balance pays, and read your account, balance and usage.',
    },
    mayNot: {
      name: 'It may not',
      text: 'change your account, make keys or further sessions, redeem codes, or see anything of other people.',
    },
    ends: {
      name: 'It ends',
      text: 'after 7 days, or at once when you end it here. You can have 5 at a time.',
    },
  },
  made: {
    title: 'Copy your partner session now',
    text: 'Paste it at your partner, and nowhere else: whoever has it can spend from your balance. This is the only time it is shown.',
    label: 'Your new partner session',
    done: 'Done',
  },
  confirm: {
    title: 'End this partner session?',
    text: 'Whoever uses {{prefix}}… is refused at once. This cannot be undone.',
    end: 'End session',
    keep: 'Keep it',
  },
} as const;
