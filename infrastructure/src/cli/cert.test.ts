import { createServer } from 'node:net';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { handshake } from '../machine/handshake.ts';
import { startTlsServer } from '../machine/tls-server.fixture.ts';
import { toldMachine } from '../machine/told.fixture.ts';
import { statusOf, tell } from './cert.ts';
import { fakeTerminal } from './terminal.fixture.ts';

const AUTHORITY = 'https://a.test/dir';
const environment = { domains: ['hub.test'], certificates: { authorities: [AUTHORITY] } };

/** What is said of a host whose machine and whose server tell this. */
async function ask(serial: string, fields: Record<string, string>, port: number) {
  const all = {
    ...{
      serial,
      obtained: serial,
      issuer: 'CN=Test',
      start: '0',
      until: String(90 * 86_400),
      now: String(10 * 86_400),
    },
    ...{ from: `${AUTHORITY} hub.test`, served: serial, Result: 'success', ...fields },
  };
  const stdout = Object.entries(all)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
  const machine = toldMachine(() => ({ stdout }));
  const look = (address: string, _port: number, name: string) => handshake(address, port, name);
  const status = await statusOf(machine, { name: 'one', address: '127.0.0.1' }, environment, look);
  const screen = fakeTerminal();
  return { code: tell([status], { json: false }, screen), said: screen.said };
}

test('a certificate that is on disk and shown is well, and who trusts it is said', async () => {
  await using server = await startTlsServer('hub.test');
  const { serial, port } = server;
  expect(await ask(serial, {}, port)).toEqual({
    code: 0,
    said: `✓ one: hub.test, by CN=Test, 80 days left, not trusted here\n    serial ${serial}, shown ${serial}\n`,
  });
});

test('lesson 18: one that is on disk and another that is shown are two', async () => {
  await using server = await startTlsServer('hub.test');
  const { code, said } = await ask('0A1B', {}, server.port);
  expect([code, said]).toEqual([
    2,
    expect.stringContaining(`shown to the outside is ${server.serial} → 0A1B`),
  ]);
});

test('a renewal that failed is said, as long as it is the last', async () => {
  await using server = await startTlsServer('hub.test');
  const { code, said } = await ask(server.serial, { Result: 'exit-code' }, server.port);
  expect([code, said]).toEqual([2, expect.stringContaining('its last renewal ended with exit-code')]);
});

test('a server that shows no certificate is said', async () => {
  const server = createServer((socket) => socket.destroy());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  await expect(ask('0A1B', {}, port)).rejects.toThrow(
    `127.0.0.1:${port} does not show a certificate for hub.test`,
  );
  server.close();
});
