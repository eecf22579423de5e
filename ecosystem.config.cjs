/**
 * PM2 in cluster mode: the entry files of the containers, without containers.
 * `pm2 start ecosystem.config.cjs`; each program takes its settings from the environment or a `.env` beside this file.
 */
const service = (name) => ({
  name,
  script: `packages/${name}/dist/main.js`,
  cwd: __dirname,
  node_args: ['--v8-pool-size=1'], // docs/decisions/0034
  exec_mode: 'cluster',
  instances: 2,
  // A worker counts as started when it says `ready`: configuration read, database reached, port open.
  wait_ready: true,
  listen_timeout: 30_000,
  // Longer than the ten seconds in which a service ends what it has begun.
  kill_timeout: 15_000,
  max_memory_restart: '512M',
  env: { NODE_ENV: 'production' },
});

module.exports = { apps: ['auth-service', 'core-service', 'mcp-server', 'api-gateway'].map(service) };
