// A small real service for start.test.ts, over the built package as in production.
import { once } from 'node:events';
import { setImmediate } from 'node:timers';
import {
  commonSettings,
  ConfigError,
  createApp,
  fields,
  setting,
  start,
  VERSION,
} from '../../dist/service/index.js';
import { z } from 'zod';

const settings = {
  ...commonSettings,
  port: setting('PORT', fields.port, 'Port'),
  mode: setting('MODE', z.enum(['good', 'bad-build', 'bad-together']).default('good'), 'What goes wrong'),
};

await start('fixture', settings, async ({ mode }, logger) => {
  if (mode === 'bad-build') throw new Error('the database is not there');
  if (mode === 'bad-together') throw new ConfigError(['REDIS_URL is missing; production needs Redis']);
  const app = createApp({ service: 'fixture', version: VERSION, logger });
  app.get('/slow', async () => {
    logger.info('slow begun');
    const [word] = await once(process, 'message');
    return { word };
  });
  app.get('/throw', async () => {
    setImmediate(() => {
      throw new Error('nobody catches this');
    });
    return new Promise(() => undefined);
  });
  app.get('/reject', async () => {
    void Promise.reject(new Error('nobody awaits this'));
    return new Promise(() => undefined);
  });
  return {
    app,
    notice: 'NOTICE for the operator',
    close: [
      async () => logger.info('opened first, closed last'),
      async () => Promise.reject(new Error('does not close')),
      async () => logger.info('opened last, closed first'),
    ],
  };
});
