export const linkedAccounts = {
  title: 'Linked accounts',
  text: 'Accounts that you have elsewhere and can sign in with here.',
  none: 'The administrator of this hub has not set up any service to sign in with.',
  empty: 'No linked accounts',
  emptyText: 'Link one, and you can sign in with it next time.',
  link: 'Link {{name}}',
  account: 'Account',
  since: 'Linked',
  actions: 'Actions',
  unlink: 'Unlink',
  unlinkNamed: 'Unlink {{name}}',
  confirm: {
    title: 'Unlink this account?',
    text: 'You can no longer sign in here with your account at {{name}}.',
    unlink: 'Unlink account',
    keep: 'Keep it',
  },
} as const;
