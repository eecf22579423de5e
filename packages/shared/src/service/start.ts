import type { FastifyInstance } from 'fastify';
import {
  type commonSettings,
  type Config,
  ConfigError,
  environment,
  readConfig,
  type Settings,
} from './config.ts';
import { collectEarly } from './heap.ts';
import { createLogger, type Logger } from './logger.ts';
import { VERSION } from './version.ts';

/** What a service's `build` gives: the application, and how to close what it opened, in order of opening. */
export interface Built {
  app: FastifyInstance;
  /** For the operator's eyes: printed once the service listens, and never logged. */
  notice?: string | undefined;
  close: (() => Promise<unknown>)[];
}

export type Build<T extends Settings> = (config: Config<T>, logger: Logger) => Promise<Built>;

type ServiceSettings = Settings & typeof commonSettings & { port: Settings[string] };

/** sysexits.h EX_CONFIG: a supervisor need not try again. */
const EXIT_CONFIG = 78;
/** Milliseconds that requests have to end after SIGTERM. */
const DRAIN = 10_000;

/** The life of a service process: config, logger, build, listen, and an orderly end. */
export async function start<T extends ServiceSettings>(
  service: string,
  settings: T,
  build: Build<T>,
): Promise<void> {
  collectEarly();
  const config = loadConfig(service, settings);
  const logger = createLogger({
    service,
    version: VERSION,
    level: config.logLevel ?? (config.environment === 'production' ? 'info' : 'debug'),
    pretty: process.stdout.isTTY,
  });
  endOnFailure(logger);
  const built = await build(config, logger).catch((error: unknown) => refuse(service, error));
  await built.app.listen({ host: config.host, port: Number(config.port) });
  endOnSignal(built, logger);
  logger.info('listening', { address: addressOf(built.app) });
  if (built.notice !== undefined) process.stdout.write(`${built.notice}\n`);
  process.send?.('ready');
}

/** Reads the environment, or prints every mistake and exits with 78. */
export function loadConfig<T extends Settings>(service: string, settings: T): Config<T> {
  try {
    return readConfig(settings, environment());
  } catch (error) {
    return refuse(service, error);
  }
}

/** Ends the process over a bad configuration, also over one that shows only when things are built. */
function refuse(service: string, error: unknown): never {
  if (!(error instanceof ConfigError)) throw error;
  process.stderr.write(`${service}: ${error.message}\n`);
  return process.exit(EXIT_CONFIG);
}

/** What nobody caught: say it and end, so that the supervisor starts a clean process. */
export function endOnFailure(logger: Logger): void {
  const fail = (message: string) => (error: unknown) => {
    logger.error(message, { error });
    logger.once('finish', () => process.exit(1)).end();
  };
  process.once('uncaughtException', fail('uncaught exception'));
  process.once('unhandledRejection', fail('unhandled rejection'));
}

/** On SIGTERM or SIGINT: not ready, stop accepting, drain, close in reverse, exit 0. */
export function endOnSignal(built: Built, logger: Logger): void {
  let ending = false;
  const end = (signal: string) => {
    if (ending) return;
    ending = true;
    logger.info('closing', { signal });
    setTimeout(() => {
      logger.warn('drain took too long');
      process.exit(1);
    }, DRAIN + 2000).unref();
    void closeAll(built, logger).then(() => {
      logger.info('closed');
      logger.once('finish', () => process.exit(0)).end();
    });
  };
  process.on('SIGTERM', end);
  process.on('SIGINT', end);
}

/** Closes the application first (it drains), then what it stood on, in reverse; a failure stops nothing. */
export async function closeAll({ app, close }: Built, logger: Logger, drain = DRAIN): Promise<void> {
  const cut = setTimeout(() => {
    app.server.closeAllConnections();
  }, drain);
  for (const step of [...close, () => app.close()].toReversed()) {
    await step().catch((error: unknown) => logger.warn('a resource did not close', { error }));
  }
  clearTimeout(cut);
}

const addressOf = (app: FastifyInstance) =>
  app
    .addresses()
    .map((a) => (typeof a === 'string' ? a : `${a.address}:${a.port}`))
    .join(', ');
