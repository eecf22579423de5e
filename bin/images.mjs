import { fail, run } from './run.mjs';

/** Images and the port each answers on; `standalone` also brings the migrations. */
const IMAGES = {
  'api-gateway': 3000,
  'auth-service': 3001,
  'core-service': 3002,
  'mcp-server': 3003,
  standalone: 3000,
};

const { REGISTRY = 'localhost', TAG = 'dev' } = process.env;

/** Builds one image per service; `--push` sends them to the registry afterwards. */
async function images(push) {
  for (const [service, port] of Object.entries(IMAGES)) {
    const tag = `${REGISTRY}/smart-ai-hub-${service}:${TAG}`;
    await run('docker', [
      'build',
      '--build-arg',
      `SERVICE=${service}`,
      '--build-arg',
      `PORT=${port}`,
      '--tag',
      tag,
      '.',
    ]);
    if (push) await run('docker', ['push', tag]);
  }
}

await images(process.argv.includes('--push')).catch(fail);
