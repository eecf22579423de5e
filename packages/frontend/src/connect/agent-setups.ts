import { quoted, word, type Setup } from './setup.ts';

/** Coding agents, by the settings that each documents. */
export const AGENTS: readonly Setup[] = [
  {
    // code.claude.com/docs/en/settings: what it does in the background asks the haiku model
    name: 'Claude Code',
    kind: 'terminal',
    text: ({ origin, key, model }) => `export ANTHROPIC_BASE_URL=${word(origin)}
export ANTHROPIC_AUTH_TOKEN=${word(key)}
export ANTHROPIC_MODEL=${word(model)}
export ANTHROPIC_DEFAULT_HAIKU_MODEL=${word(model)}
claude`,
  },
  {
    // developers.openai.com/codex/config-advanced: providers of one's own
    name: 'Codex CLI',
    kind: 'toml',
    file: '~/.codex/config.toml',
    text: ({ origin, model }) => `model = ${quoted(model)}
model_provider = "hub"

[model_providers.hub]
name = "Smart AI Hub"
base_url = ${quoted(`${origin}/v1`)}
env_key = "HUB_KEY"
wire_api = "responses"`,
  },
  {
    name: 'Codex CLI',
    kind: 'terminal',
    text: ({ key }) => `export HUB_KEY=${word(key)}
codex`,
  },
  {
    // aider.chat/docs/llms/openai-compat.html
    name: 'Aider',
    kind: 'terminal',
    text: ({ origin, key, model }) => `export OPENAI_API_BASE=${word(`${origin}/v1`)}
export OPENAI_API_KEY=${word(key)}
aider --model ${word(`openai/${model}`)}`,
  },
  {
    // docs.continue.dev/customize/model-providers/top-level/openai
    name: 'Continue',
    kind: 'yaml',
    file: '~/.continue/config.yaml',
    text: ({ origin, key, model }) => `name: Smart AI Hub
version: 1.0.0
schema: v1
models:
  - name: ${quoted(model)}
    provider: openai
    model: ${quoted(model)}
    apiBase: ${quoted(`${origin}/v1`)}
    apiKey: ${quoted(key)}`,
  },
  {
    // what OpenAI's packages read by themselves, and with them most programs
    name: 'OPENAI_BASE_URL',
    kind: 'terminal',
    text: ({ origin, key }) => `export OPENAI_BASE_URL=${word(`${origin}/v1`)}
export OPENAI_API_KEY=${word(key)}`,
  },
];
