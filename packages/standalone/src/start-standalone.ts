import { once } from 'node:events';
import { createServer } from 'node:net';
import {
  EmbeddedPostgresError,
  ensureDatabase,
  startEmbeddedPostgres,
} from '@smart-ai-hub/database/embedded';
import { migrate } from '@smart-ai-hub/database/migrate';
import { type Built, closeAll, type Logger } from '@smart-ai-hub/shared/service';
import { buildPlatform } from './build.ts';
import { StartError, takeDataFolder } from './data-folder.ts';

export interface StandaloneOptions {
  dataDir: string;
  host: string;
  /** 0 lets the system choose one. */
  port: number;
  /** Settings for the services, by name. */
  env: Record<string, string | undefined>;
}

export interface Standalone extends Built {
  url: string;
}

const DATABASE = 'smart_ai_hub';

/** Where Ollama, and what is like it, answers on the machine that it runs on. */
const OLLAMA = 'http://127.0.0.1:11434';

/** The whole platform in this process: folder, database, migrations, services, and one address. */
export async function startStandalone(
  { dataDir, host, port, env }: StandaloneOptions,
  logger: Logger,
): Promise<Standalone> {
  const folder = takeDataFolder(dataDir);
  const { secrets } = folder;
  const release = () => {
    folder.release();
    return Promise.resolve();
  };
  const close: Built['close'] = [release];
  try {
    await expectFree(host, port);
    const postgres = await startEmbeddedPostgres({
      directory: folder.postgres,
      password: secrets.databaseOwner,
    }).catch((cause: unknown) => {
      throw postgresError(cause, folder.postgres);
    });
    close.push(postgres.stop);
    await ensureDatabase(postgres, DATABASE);
    await migrate({
      url: postgres.url(DATABASE),
      passwords: { auth: secrets.databaseAuth, core: secrets.databaseCore },
    });
    const urlFor = (user: string, password: string) =>
      `postgres://${user}:${password}@127.0.0.1:${postgres.port}/${DATABASE}`;
    const platform = await buildPlatform(
      {
        PUBLIC_URL: `http://${host}:${port}`,
        PROVIDER_LOCAL_ORIGINS: OLLAMA,
        ...env,
        SERVICE_TOKEN: secrets.serviceToken,
        SIGNING_SEED: secrets.signingSeed,
        SEALING_KEY: secrets.sealingKey,
        AUTH_DATABASE_URL: urlFor('hub_auth', secrets.databaseAuth),
        CORE_DATABASE_URL: urlFor('hub_core', secrets.databaseCore),
      },
      logger,
    );
    close.push(...platform.close);
    const url = await platform.app.listen({ host, port });
    return { app: platform.app, notice: platform.notice, close, url };
  } catch (error) {
    for (const step of close.toReversed()) await step().catch(() => undefined); // the first failure is the one to show
    throw error;
  }
}

/** As root PostgreSQL runs as the user postgres, who may not enter every folder that root may. */
function postgresError(cause: unknown, directory: string): unknown {
  const isDenied = cause instanceof EmbeddedPostgresError && /permission denied/i.test(cause.message);
  if (!isDenied || process.getuid?.() !== 0) return cause;
  return new StartError(
    `PostgreSQL runs as the user postgres, who cannot enter ${directory}: set HUB_DATA_DIR to a folder that others may enter, like /var/lib/smart-ai-hub`,
    { cause },
  );
}

/** Asks for the address and lets go of it: what is wrong with it is known before anything is begun. */
async function expectFree(host: string, port: number): Promise<void> {
  const probe = createServer().listen(port, host);
  try {
    await once(probe, 'listening');
  } catch (cause) {
    throw listenError(cause, host, port);
  }
  probe.close();
  await once(probe, 'close');
}

function listenError(cause: unknown, host: string, port: number): unknown {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  if (code === 'EADDRINUSE')
    return new StartError(
      `port ${port} is taken by another program: stop it, or set GATEWAY_PORT to another port`,
      { cause },
    );
  if (code === 'EACCES')
    return new StartError(`port ${port} needs more rights: set GATEWAY_PORT to one above 1023`, { cause });
  if (code === 'EADDRNOTAVAIL')
    return new StartError(`this machine has no address ${host}: set HOST to one it has`, { cause });
  return cause;
}

/** Drains and closes everything that `startStandalone` opened. */
export const stopStandalone = (standalone: Standalone, logger: Logger): Promise<void> =>
  closeAll(standalone, logger);
