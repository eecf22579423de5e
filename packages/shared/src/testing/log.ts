import { Writable } from 'node:stream';
import { z } from 'zod';
import { createLogger, type Logger, type LoggerOptions } from '../service/index.ts';

export interface TestLog {
  logger: Logger;
  /** Every line so far, as written. */
  text: () => string;
  lines: () => Record<string, unknown>[];
}

/** The real logger at its most talkative, written to where a test can read it. */
export function testLog(service = 'test', options: Partial<LoggerOptions> = {}): TestLog {
  let written = '';
  const stream = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      written += chunk.toString();
      done();
    },
  });
  return {
    logger: createLogger({ service, version: '0.0.0', level: 'debug', stream, ...options }),
    text: () => written,
    lines: () =>
      written
        .split('\n')
        .filter(Boolean)
        .map((line) => z.record(z.string(), z.unknown()).parse(JSON.parse(line))),
  };
}
