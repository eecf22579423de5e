export const recovery = {
  verify: {
    title: 'Verify your e-mail address',
    text: 'We mailed a code of six digits to {{email}}. It works for 15 minutes.',
    code: 'Code',
    submit: 'Verify',
    resend: 'Mail another code',
    resent: 'Another code is on its way.',
    done: 'Your address is verified.',
    doneLink: 'Go to the overview',
    waits: 'Until your e-mail address is verified, you cannot make keys or redeem codes.',
    link: 'Verify it now',
  },
  forgot: {
    link: 'Forgot your password?',
    title: 'Forgot your password',
    text: 'Tell us your e-mail address, and we will mail a link with which you can set a new one.',
    submit: 'Mail a link',
    doneTitle: 'Look into your mail',
    doneText:
      'If there is an account with this address, a link is on its way to it. It works once, within an hour.',
    back: 'Back to sign in',
  },
  reset: {
    title: 'Set a new password',
    text: 'Setting it ends every session of yours, on every device.',
    submit: 'Set password',
    doneTitle: 'Your new password is set',
    doneText: 'Sign in with it to go on.',
    noToken: 'This address has no link in it. Open it from your mail once more, or ask for a new one.',
    again: 'Ask for a new link',
  },
} as const;
