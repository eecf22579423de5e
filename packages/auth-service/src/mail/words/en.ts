/** What each mail says; `{name}` is filled in. The code or link stands between `before` and `after`. */
export const en = {
  'verify-email': {
    subject: 'Your code for Smart AI Hub',
    before: ['Type this code to verify your e-mail address. It works once, within 15 minutes.'],
    after: ['If you did not make an account, you can forget this mail.'],
  },
  'change-email': {
    subject: 'Your code for the new address',
    before: ['Type this code to use this address for your account. It works once, within 15 minutes.'],
    after: ['If you did not ask for this, you can forget this mail.'],
  },
  'reset-password': {
    subject: 'Set a new password',
    before: ['Open this link to set a new password. It works once, within an hour.'],
    after: ['If you did not ask for this, you can forget this mail: your password stays as it is.'],
  },
  invitation: {
    subject: 'Your account at Smart AI Hub',
    before: [
      'An account was made for you. Open this link to choose your password. It works once, within seven days; after that, ask for a new link where you sign in.',
    ],
    after: ['If you do not know what this is, you can forget this mail.'],
  },
  'email-changing': {
    subject: 'Your address is about to change',
    before: ['Somebody who is signed in as you asked to change the address of your account to {email}.'],
    after: ['If it was not you, set a new password at once: that ends every session.'],
  },
  'password-changed': {
    subject: 'Your password was changed',
    before: ['The password of your account was changed, and your other sessions were ended.'],
    after: ['If it was not you, set a new password at once: that ends every session.'],
  },
  'account-deleted': {
    subject: 'Your account was deleted',
    before: [
      'Your account was deleted. Until {date} you can bring it back by signing in; after that it is gone.',
    ],
    after: ['If it was not you, sign in now and change your password.'],
  },
  footer: 'Smart AI Hub at {place}',
} as const;
