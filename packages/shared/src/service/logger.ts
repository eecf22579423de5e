import winston from 'winston';
import { currentScope } from './context.ts';
import { maskFields } from './masking.ts';

export type Logger = winston.Logger;

export interface LoggerOptions {
  service: string;
  version: string;
  level: string;
  /** Words for people on a terminal; JSON everywhere else. */
  pretty?: boolean;
  /** Where lines go; standard output unless a test reads along. */
  stream?: NodeJS.WritableStream;
}

/** The service first, so that a child logger of another service may say so; winston's defaultMeta would win over it. */
const addOrigin = (origin: { service: string; version: string }) =>
  winston.format((info) => Object.assign(info, { ...origin, ...info }, currentScope()))();

/** In place, since winston keeps level and message under symbols that a copy would lose. */
const maskInfo = winston.format((info) => {
  const { level: _level, timestamp: _timestamp, ...rest } = info;
  for (const name of Object.keys(rest)) Reflect.deleteProperty(info, name); // a name can be a secret too
  return Object.assign(info, maskFields(rest));
});

const pretty = winston.format.printf(({ timestamp, level, message, service, error, requestId }) => {
  const head = `${String(timestamp).slice(11, 23)} ${level.padEnd(5)} ${String(service)}: ${String(message)}`;
  const id = typeof requestId === 'string' ? ` (${requestId})` : '';
  return error === undefined ? head + id : `${head}${id}\n${JSON.stringify(error, null, 2)}`;
});

/** Structured log: timestamp, service, version, request and actor; secrets masked before they are written. */
export function createLogger({
  service,
  version,
  level,
  pretty: isPretty = false,
  stream = process.stdout,
}: LoggerOptions): Logger {
  const { combine, timestamp, errors, json } = winston.format;
  return winston.createLogger({
    level,
    format: combine(
      addOrigin({ service, version }),
      timestamp(),
      errors({ stack: true }),
      maskInfo(),
      isPretty ? pretty : json(),
    ),
    transports: [new winston.transports.Stream({ stream })],
  });
}
