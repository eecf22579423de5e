export const connect = {
  title: 'Connect',
  text: 'Set-ups for the tools that you already have, with this hub’s address filled in.',
  model: 'Model in the set-ups',
  modelHint: 'Any model works in every one of them; the hub translates between formats.',
  copy: 'Copy',
  copyNamed: 'Copy: {{name}}',
  key: {
    unknown: 'Put one of your keys where {{placeholder}} stands. A key is shown only once, when it is made.',
    known: 'Your new key stands in the set-ups below until you leave this page.',
    make: 'Make a key',
    another: 'Make another key',
  },
  kinds: {
    address: 'Settings → Connectors → Add custom connector',
    json: 'JSON',
    python: 'program',
    terminal: 'terminal',
    toml: 'TOML',
    typescript: 'program',
    yaml: 'YAML',
  },
  families: {
    label: 'Tools',
    openai: { name: 'OpenAI SDK', text: 'For programs that speak OpenAI’s format. The address ends in /v1.' },
    anthropic: {
      name: 'Anthropic SDK',
      text: 'For programs that speak Anthropic’s format. The address has no /v1: the SDK adds it.',
    },
    agents: {
      name: 'Coding agents',
      text: 'Agents work for a long time by themselves: give them a key of their own with a monthly limit.',
    },
    mcp: {
      name: 'MCP clients',
      text: 'Your models, credits, usage and keys as tools. Clients that know OAuth need the address alone and ask you to sign in; those on the internet, as Claude Desktop’s connectors, must be able to reach this hub over HTTPS.',
    },
  },
} as const;
