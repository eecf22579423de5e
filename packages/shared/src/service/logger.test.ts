import { describe, expect, test } from 'vitest';
import { testLog } from '../testing/log.ts';
import { runInScope } from './context.ts';

describe('a line', () => {
  test('is one JSON object with time, level, service, version and words', () => {
    const { logger, text, lines } = testLog('core-service');
    logger.info('two\nlines', { a: 1 });
    expect(text().split('\n')).toHaveLength(2);
    expect(lines()).toEqual([
      {
        timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
        level: 'info',
        service: 'core-service',
        version: '0.0.0',
        message: 'two\nlines',
        a: 1,
      },
    ]);
  });

  test('of a child logger names the child', () => {
    const { logger, lines } = testLog('standalone');
    logger.child({ service: 'auth-service' }).info('hello');
    logger.info('hello');
    expect(lines()).toMatchObject([
      { service: 'auth-service', version: '0.0.0' },
      { service: 'standalone', version: '0.0.0' },
    ]);
  });

  test('carries request, trace and actor of the request that is served', () => {
    const { logger, lines } = testLog();
    const scope = { requestId: 'request-1', traceparent: '00-a-b-00', actorId: 'user-1' };
    runInScope(scope, () => logger.info('inside', { requestId: 'forged' }));
    logger.info('outside');
    expect(lines()[0]).toMatchObject(scope);
    expect(lines()[1]).not.toHaveProperty('requestId');
  });

  test('holds the stack and the causes of an error', () => {
    const { logger, lines } = testLog();
    logger.error('failed', { error: new Error('outer', { cause: new Error('inner') }) });
    expect(lines()).toMatchObject([
      {
        message: 'failed',
        error: {
          message: 'outer',
          stack: expect.stringContaining('logger.test.ts'),
          cause: { message: 'inner' },
        },
      },
    ]);
  });

  test('is left out below the level', () => {
    const { logger, lines } = testLog('test', { level: 'warn' });
    logger.info('no');
    logger.warn('yes');
    expect(lines()).toMatchObject([{ message: 'yes' }]);
  });
});

describe('no canary is on any line', () => {
  const CANARY = 'canary7Q2nL5xR7tY0wE3u';
  const error = new Error(`password=${CANARY}`, { cause: { token: CANARY, at: `Bearer ${CANARY}` } });

  test.each<[string, Record<string, unknown>]>([
    ['words', {}],
    ['a secret name', { password: CANARY, nested: [{ apiKey: CANARY }] }],
    ['an error', { error }],
    ['a name', { [`${CANARY}@example.com`]: true }],
    ['a stack given as a field', { stack: `Error: sk-hub-${CANARY}` }],
    ['headers', { headers: { authorization: `Bearer ${CANARY}`, cookie: `a=${CANARY}` } }],
  ])('in %s', (_, meta) => {
    for (const pretty of [true, false]) {
      const { logger, text } = testLog('test', { pretty });
      logger.error(`connect postgres://u:${CANARY}@db failed`, meta);
      logger.child({ token: CANARY }).warn('child', meta);
      expect(text()).toContain('failed');
      expect(text()).not.toContain(CANARY);
    }
  });
});

test('on a terminal a line is words for people', () => {
  const { logger, text } = testLog('core-service', { pretty: true });
  runInScope({ requestId: 'request-1', traceparent: '' }, () => logger.warn('slow'));
  logger.error('failed', { error: new Error('because') });
  const [first, second, ...rest] = text().split('\n');
  expect(first).toMatch(/^[\d:.]{12} warn {2}core-service: slow \(request-1\)$/);
  expect(second).toMatch(/^[\d:.]{12} error core-service: failed$/);
  expect(rest.join('\n')).toContain('"message": "because"');
});
