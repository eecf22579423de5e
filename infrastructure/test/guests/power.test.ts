import { expect, it } from 'vitest';
import { attempt } from './call.ts';
import { startGuest } from './guest.ts';
import { ssh } from './ssh.ts';

it('boots again after a power cut, with its disk, its address and its host key', async () => {
  await using guest = await startGuest();
  await guest.run(['tee', '/root/note'], { input: 'written before' });
  await guest.run(['touch', '/run/fleeting']);
  await guest.cutPower();
  expect((await ssh(guest.ssh, 'true')).code).toBe(255);
  await guest.start();
  for (const host of [guest.ssh.host, guest.address.v4])
    expect(await ssh({ ...guest.ssh, host }, 'cat /root/note')).toMatchObject({
      code: 0,
      stdout: 'written before',
    });
  expect((await guest.attempt(['test', '-e', '/run/fleeting'])).code).toBe(1);
});

it('starts from a snapshot as it was, and leaves the snapshot as it is', async () => {
  await using guest = await startGuest();
  await guest.run(['tee', '/root/note'], { input: 'prepared' });
  const tag = await guest.snapshot('smart-ai-hub-guest:snapshot-test');
  try {
    await using first = await startGuest(tag);
    await first.run(['tee', '/root/note'], { input: 'changed' });
    await using second = await startGuest(tag);
    expect(await second.run(['cat', '/root/note'])).toBe('prepared');
  } finally {
    await attempt('docker', ['image', 'rm', '--force', tag]);
  }
});
