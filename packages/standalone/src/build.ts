import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build as buildGateway, localUpstream } from '@smart-ai-hub/api-gateway/build';
import { settings as gatewaySettings } from '@smart-ai-hub/api-gateway/config';
import { build as buildAuth } from '@smart-ai-hub/auth-service/build';
import { settings as authSettings } from '@smart-ai-hub/auth-service/config';
import { build as buildCore } from '@smart-ai-hub/core-service/build';
import { settings as coreSettings } from '@smart-ai-hub/core-service/config';
import { build as buildMcp } from '@smart-ai-hub/mcp-server/build';
import { settings as mcpSettings } from '@smart-ai-hub/mcp-server/config';
import {
  appTransport,
  type Built,
  closeAll,
  type Logger,
  memoryStore,
  readConfig,
  Secret,
} from '@smart-ai-hub/shared/service';

/** Where the built pages are, beside the compiled program. */
const PAGES = fileURLToPath(new URL('../../frontend/dist', import.meta.url));

/**
 * Every service in this process: the same applications, routes and checks as apart, joined by direct calls in
 * place of sockets, over one database and a store in memory. `env` is what each would read by itself.
 */
export async function buildPlatform(env: Record<string, string | undefined>, logger: Logger): Promise<Built> {
  const store = memoryStore();
  const frontendDir = env['FRONTEND_DIR'] ?? (existsSync(PAGES) ? PAGES : undefined);
  const config = {
    auth: readConfig(authSettings, env),
    core: readConfig(coreSettings, env),
    mcp: readConfig(mcpSettings, env),
    gateway: readConfig(gatewaySettings, { ...env, FRONTEND_DIR: frontendDir }),
  };
  const serviceToken = new Secret(config.auth.serviceToken.reveal());
  const toAuth = appTransport(() => auth.app, { serviceToken });
  const toCore = appTransport(() => core.app, { serviceToken });

  const core = await buildCore(config.core, logger.child({ service: 'core-service' }), {
    auth: toAuth,
    store,
  });
  const auth = await buildAuth(config.auth, logger.child({ service: 'auth-service' }), {
    core: toCore,
    store,
  });
  const mcp = await buildMcp(config.mcp, logger.child({ service: 'mcp-server' }), {
    auth: toAuth,
    core: toCore,
    store,
  });
  const gateway = await buildGateway(config.gateway, logger.child({ service: 'api-gateway' }), {
    store,
    auth: toAuth,
    upstreams: {
      'auth-service': localUpstream('auth-service', () => auth.app),
      'core-service': localUpstream('core-service', () => core.app),
      'mcp-server': localUpstream('mcp-server', () => mcp.app),
    },
  });
  await Promise.all([auth, core, mcp].map(({ app }) => app.ready()));
  const closeService = (service: Built) => () => closeAll(service, logger);
  return {
    app: gateway.app,
    notice: auth.notice,
    close: [closeService(auth), closeService(core), closeService(mcp), ...gateway.close],
  };
}
