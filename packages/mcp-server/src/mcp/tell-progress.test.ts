import type { Notification } from '@modelcontextprotocol/server';
import { expect, test } from 'vitest';
import { tellProgress } from './tell-progress.ts';

test('progress is told in order to who asked for it, and to nobody else', async () => {
  const told: Notification[] = [];
  const notify = (notification: Notification) => {
    told.push(notification);
    return Promise.resolve();
  };
  const tell = tellProgress({ mcpReq: { _meta: { progressToken: 7 }, notify } });
  await tell('one');
  await tell('two');
  await tellProgress({ mcpReq: { notify } })('three');
  expect(told).toEqual(
    ['one', 'two'].map((message, index) => ({
      method: 'notifications/progress',
      params: { progressToken: 7, progress: index + 1, message },
    })),
  );
});

test('who went away hears nothing, and the call goes on', async () => {
  const notify = () => Promise.reject(new Error('nobody is there'));
  await expect(
    tellProgress({ mcpReq: { _meta: { progressToken: 'x' }, notify } })('one'),
  ).resolves.toBeUndefined();
});
