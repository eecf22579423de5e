export const forms = {
  errors: {
    required: 'Please fill this in.',
    email: 'This does not look like an e-mail address.',
    tooShort: 'Use at least {{limit}} characters.',
    tooLong: 'Use at most {{limit}} characters.',
    invalid: 'This is not valid here.',
  },
  working: 'One moment',
} as const;
