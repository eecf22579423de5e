export const credits = {
  title: 'Credits',
  text: 'Every credit that came or went, newest first.',
  filter: {
    label: 'Filter',
    reason: 'What',
    all: 'Everything',
    from: 'From day',
    to: 'To day',
    apply: 'Filter',
  },
  statement: 'Download statement',
  none: 'Nothing found',
  noneText: 'No transaction fits this filter.',
  all: 'Filter and download',
} as const;
