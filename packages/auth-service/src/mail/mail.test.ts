import { ConfigError, memoryStore } from '@smart-ai-hub/shared/service';
import { expect, test } from 'vitest';
import { startAuth } from '../auth.fixture.ts';
import { codeIn, startSmtp } from './smtp-server.fixture.ts';
import { en } from './words/en.ts';
import { th } from './words/th.ts';
import type { Template } from './words/mail-words.ts';
import { writeMail } from './write-mail.ts';

const templates = Object.keys(en).filter((name): name is Template => name !== 'footer');

test.each(templates)('%s says in HTML what it says in text, in both languages', (template) => {
  for (const [locale, words] of [
    ['en', en],
    ['th', th],
  ] as const) {
    const mail = writeMail({
      ...{ template, to: 'a@test.example', locale, place: 'https://hub.example', code: '012345' },
      values: { email: 'b@test.example', date: '2026-12-24' },
    });
    expect(mail.subject).toBe(words[template].subject);
    expect(mail.html).toContain(`<html lang="${locale}">`);
    expect(mail.text + mail.html).not.toMatch(/[{}]|undefined/);
    const visible = mail.html.replace(/<style>.*<\/style>|<[^>]+>/g, '').replaceAll(/\s+/g, ' ');
    for (const line of mail.text.split('\n\n')) {
      expect(visible).toContain(line.replace('-- \n', '').trim());
    }
  }
});

test('mails are Thai in Thai', () => {
  for (const { subject, before, after } of templates.map((name) => th[name])) {
    for (const words of [subject, ...before, ...after]) expect(words).toMatch(/[\u0E00-\u0E7F]/);
  }
});

test('what a stranger chose is text in HTML, and nothing else', () => {
  const { html } = writeMail({
    template: 'email-changing',
    to: 'a@test.example',
    locale: 'en',
    place: 'https://hub.example',
    link: 'https://hub.example/?a="><script>alert(1)</script>',
    values: { email: '<img src=x onerror=alert(1)>@test.example {place}' },
  });
  expect(html).not.toMatch(/<img|<script/);
  expect(html).toContain('&lt;img src=x onerror=alert(1)&gt;@test.example {place}');
});

test('a mail arrives with sender, both parts, and a word to answering machines', async () => {
  await using smtp = await startSmtp();
  await using auth = await startAuth({
    env: { SMTP_URL: smtp.url, PUBLIC_URL: 'https://hub.example', MAIL_FROM: 'Our Hub <hub@hub.example>' },
  });
  const { email } = await auth.person();
  const mail = await smtp.mail(email);
  expect(mail.from?.text).toBe('"Our Hub" <hub@hub.example>');
  expect(mail.headers.get('auto-submitted')).toBe('auto-generated');
  expect(mail.html).toContain(codeIn(mail));
  expect(mail.subject).toBe(en['verify-email'].subject);
  expect(mail.text).toContain('https://hub.example');
});

test('without a name for it, the sender is no-reply at this hub', async () => {
  await using smtp = await startSmtp();
  await using auth = await startAuth({ env: { SMTP_URL: smtp.url, PUBLIC_URL: 'https://hub.example' } });
  const { email } = await auth.person();
  expect((await smtp.mail(email)).from?.text).toBe('"Smart AI Hub" <no-reply@hub.example>');
});

test.each(['no address', 'a@b.example\nBcc: c@d.example', 'a@b.example\r\nx: y', ''])(
  'MAIL_FROM is no %j',
  async (sender) => {
    const start = startAuth({ env: { MAIL_FROM: sender } });
    if (sender === '') await (await start)[Symbol.asyncDispose]();
    else await expect(start).rejects.toThrow(/MAIL_FROM/);
  },
);

test(
  'a mail that the server does not take is sent again, with a code that works',
  { timeout: 30_000 },
  async () => {
    await using smtp = await startSmtp();
    await using auth = await startAuth({ env: { SMTP_URL: smtp.url } });
    smtp.refuse(1);
    const { email, accessToken } = await auth.person();
    const code = codeIn(await smtp.mail(email));
    const answer = await auth.post('/api/v1/auth/verify-email', { code }, { token: accessToken });
    expect(answer.status).toBe(200);
    expect(auth.log.text()).not.toContain(email);
  },
);

test('without a mail server, mails stand on a page in development, and the log keeps its silence', async () => {
  await using auth = await startAuth();
  const { email, user } = await auth.person();
  await auth.post('/api/v1/auth/forgot-password', { email });
  const page = async () => (await auth.app.inject('/dev/mail')).payload;
  await expect.poll(page).toContain(en['reset-password'].subject);
  expect(await page()).toContain(email);
  expect(await page()).toMatch(/href="http:\/\/127\.0\.0\.1:3000\/reset#token=[\w.-]+"/);
  expect(user.id).toBeDefined();
  expect(auth.log.text()).not.toContain(email);
  expect(auth.log.text()).not.toContain('reset#token');
});

test('in production there is no such page, with a mail server or without', async () => {
  await using smtp = await startSmtp();
  for (const env of [{}, { SMTP_URL: smtp.url }]) {
    await using auth = await startAuth({ env: { NODE_ENV: 'production', ...env }, store: memoryStore() });
    expect((await auth.app.inject('/dev/mail')).statusCode).toBe(404);
  }
  await using development = await startAuth({ env: { SMTP_URL: smtp.url } });
  expect((await development.app.inject('/dev/mail')).statusCode).toBe(404);
});

test('in production without a mail server, what is asked for is answered alike, and the log says why nothing came', async () => {
  await using auth = await startAuth({ env: { NODE_ENV: 'production' }, store: memoryStore() });
  const { email } = await auth.person();
  expect((await auth.post('/api/v1/auth/forgot-password', { email })).status).toBe(204);
  await expect.poll(() => auth.log.text()).toContain('mail was not sent: SMTP_URL is not set');
  expect(auth.log.text()).not.toContain(email);
});

test('production does not ask for codes that it cannot mail', async () => {
  const env = { NODE_ENV: 'production', REQUIRE_VERIFIED_EMAIL: 'true' };
  await expect(startAuth({ env, store: memoryStore() })).rejects.toThrow(ConfigError);
});
