import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fakeProvider, finishEvent, freePort, startStream, textEvent } from '@smart-ai-hub/shared/testing';
import { afterAll, beforeAll, expect, inject, test, vi } from 'vitest';
import { signUp } from './person.ts';
import { startPlatform, type TestPlatform } from './platform.ts';

/** The platform behind a real nginx with the locations that we ship. */
let platform: TestPlatform;
let vendor: Awaited<ReturnType<typeof fakeProvider>>;
let nginx: ChildProcess;
let folder: string;
let url: string;

beforeAll(async () => {
  vendor = await fakeProvider();
  const providers = [{ name: 'vendor', baseUrl: vendor.url, models: ['gpt-4o-mini'] }];
  platform = await startPlatform(inject('postgres'), {
    PROVIDERS: JSON.stringify(providers),
    TRUST_PROXY: '127.0.0.1',
    RATE_LIMITS: JSON.stringify({ anonymous: [3, 100, 1000] }),
  });
  folder = mkdtempSync(join(tmpdir(), 'hub-nginx-'));
  chmodSync(folder, 0o755);
  const port = await freePort();
  url = `http://127.0.0.1:${port}`;
  writeFileSync(join(folder, 'nginx.conf'), configuration(port, new URL(platform.url).host));
  nginx = spawn(existsSync('/usr/sbin/nginx') ? '/usr/sbin/nginx' : 'nginx', [
    '-p',
    folder,
    '-c',
    'nginx.conf',
    '-e',
    'error.log',
  ]);
  await vi.waitFor(async () => {
    expect((await fetch(`${url}/health`)).status).toBe(200);
  });
});

afterAll(async () => {
  nginx.kill('SIGQUIT');
  await once(nginx, 'exit');
  rmSync(folder, { recursive: true });
  await platform[Symbol.asyncDispose]();
  await vendor.close();
});

function configuration(port: number, gateway: string): string {
  const template = new URL('../../infrastructure/templates/nginx/hub-locations.conf', import.meta.url);
  const locations = readFileSync(template, 'utf8').replaceAll('${GATEWAY}', gateway);
  return `
    daemon off; pid nginx.pid; worker_processes 1; events {}
    http {
      access_log off; client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path f; uwsgi_temp_path u; scgi_temp_path s;
      map $http_upgrade $hub_connection { default upgrade; '' ''; }
      server { listen 127.0.0.1:${port}; ${locations} }
    }`;
}

test('events come through as they are said', async () => {
  let finish = () => undefined as unknown;
  vendor.answerWith((response) => {
    startStream(response);
    response.write(textEvent('first'));
    finish = () => response.end(`${finishEvent()}data: [DONE]\n\n`);
  });
  const person = await signUp(platform.url);
  const response = await fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${await person.makeKey()}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      model: 'gpt-4o-mini',
      messages: [{ role: 'user', content: 'Hi' }],
      max_tokens: 9,
      stream: true,
    }),
  });
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  expect((await reader?.read())?.value).toContain('first');
  finish();
  expect((await reader?.read())?.value).toContain('[DONE]');
});

test('the request id goes through both ways', async () => {
  const answer = await fetch(`${url}/api/v1/auth/setup`, {
    headers: { 'x-request-id': 'chosen-by-the-caller' },
  });
  expect(answer.headers.get('x-request-id')).toBe('chosen-by-the-caller');
});

test('lesson 9: an address that a caller claims for itself changes nothing about its limit', async () => {
  const ask = (claimed: string) =>
    fetch(`${url}/api/v1/auth/me`, { headers: { 'x-forwarded-for': claimed } });
  const statuses = [];
  for (let i = 0; i < 6; i++) statuses.push((await ask(`198.51.100.${i}`)).status);
  expect(statuses.at(-1)).toBe(429);
});

test('routes between services, metrics and whatever else is not ours are not reachable', async () => {
  for (const path of ['/internal/accounts', '/metrics', '/etc/passwd']) {
    expect((await fetch(url + path)).status).toBe(404);
  }
});
