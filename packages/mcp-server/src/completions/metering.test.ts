import {
  type Answer,
  finishEvent,
  garbage,
  hangUp,
  plain,
  refuse,
  silence,
  startStream,
  textEvent,
  usageEvent,
} from '@smart-ai-hub/shared/testing';
import { expect, test } from 'vitest';
import { chatDoor, PROMPT, question, stream } from './chat.fixture.ts';

const door = chatDoor();

for (const body of [question, stream]) {
  const way = body === stream ? 'streamed' : 'plain';

  test(`metering, ${way}: the usage that the provider reports is what is charged`, async () => {
    door.vendor.answerWith(plain());
    expect((await door.send(body)).status).toBe(200);
    await door
      .settled()
      .toMatchObject([
        { promptTokens: 100, completionTokens: 20, chargeMicro: 140, tokenSource: 'reported', status: 'ok' },
      ]);
  });

  test(`metering, ${way}: zero reported is zero charged`, async () => {
    door.vendor.answerWith(plain('free', { prompt_tokens: 0, completion_tokens: 0 }));
    await (await door.send(body)).text();
    await door
      .settled()
      .toMatchObject([{ promptTokens: 0, completionTokens: 0, chargeMicro: 0, tokenSource: 'reported' }]);
  });

  test(`metering, ${way}: without reported usage the counted tokens are charged, and marked so`, async () => {
    door.vendor.answerWith(plain('hello world', null));
    await (await door.send(body)).text();
    await door.settled().toMatchObject([
      {
        promptTokens: PROMPT,
        completionTokens: 2,
        chargeMicro: PROMPT + 4,
        tokenSource: 'counted',
        status: 'ok',
      },
    ]);
  });

  test.each<[string, Answer, number, string]>([
    ['refuses with 500', refuse(500), 502, 'provider-failed'],
    ['refuses our key', refuse(401), 502, 'provider-failed'],
    ['asks to slow down', refuse(429, 'slow', { 'retry-after': '7' }), 429, 'provider-rate-limited'],
    ['hangs up', hangUp, 502, 'provider-failed'],
    ['says nothing', silence, 504, 'provider-timeout'],
    ['answers garbage', garbage(), 502, 'provider-failed'],
    ['answers nothing', garbage(''), 502, 'provider-failed'],
  ])(`metering, ${way}: a provider that %s costs nothing`, async (_how, answer, status, code) => {
    door.vendor.answerWith(answer);
    const response = await door.send(body);
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ error: { code } });
    await door.nothingCharged();
  });
}

test('metering: a stream that breaks off is charged for what was delivered, and ends with the error in the caller’s format', async () => {
  door.vendor.answerWith((response) => {
    startStream(response);
    response.write(textEvent('hello world'), () => response.destroy());
  });
  const text = await (await door.send(stream)).text();
  expect(text).toContain('hello world');
  expect(text.trim().split('\n\n').at(-1)).toMatch(/^data: {"error":{.*"code":"provider-failed"/);
  await door
    .settled()
    .toMatchObject([
      { promptTokens: PROMPT, completionTokens: 2, tokenSource: 'counted', status: 'provider-error' },
    ]);
});

test('metering: a stream that stalls is ended in time and charged for what was delivered', async () => {
  door.vendor.answerWith((response) => {
    startStream(response);
    response.write(textEvent('hello world'));
  });
  const text = await (await door.send(stream)).text();
  expect(text).toContain('"code":"provider-timeout"');
  await door
    .settled()
    .toMatchObject([{ completionTokens: 2, tokenSource: 'counted', status: 'provider-error' }]);
});

test('metering: a stream that ends without its last word, but with its reason, is complete', async () => {
  door.vendor.answerWith((response) => {
    startStream(response);
    response.end(textEvent('hello world') + finishEvent() + usageEvent());
  });
  await (await door.send(stream)).text();
  await door.settled().toMatchObject([{ completionTokens: 20, tokenSource: 'reported', status: 'ok' }]);
});

test('metering: of a caller who goes away the provider’s usage is still charged if it comes in time', async () => {
  door.vendor.answerWith((response) => {
    startStream(response);
    const parts = [textEvent('hello'), '', '', `${textEvent(' world')}${usageEvent()}data: [DONE]\n\n`];
    const saying = setInterval(() => {
      response.write(parts.shift() ?? '');
      if (parts.length === 0)
        response.end(() => {
          clearInterval(saying);
        });
    }, 40);
  });
  const caller = new AbortController();
  const response = await door.send(stream, caller.signal);
  await response.body?.getReader().read();
  caller.abort();
  await door
    .settled()
    .toMatchObject([
      { promptTokens: 100, completionTokens: 20, tokenSource: 'reported', status: 'client-closed' },
    ]);
});

test('metering: of a caller who goes away for good the delivered part is charged, and the provider is stopped', async () => {
  door.vendor.answerWith((response) => {
    startStream(response);
    response.write(textEvent('hello world'));
    const more = setInterval(() => response.write(textEvent('')), 50);
    response.once('close', () => {
      clearInterval(more);
    });
  });
  const caller = new AbortController();
  const response = await door.send(stream, caller.signal);
  await response.body?.getReader().read();
  caller.abort();
  await door
    .settled()
    .toMatchObject([{ completionTokens: 2, tokenSource: 'counted', status: 'client-closed' }]);
  await door.vendor.asked[0]?.aborted;
});

test('metering: of a caller who goes away before the answer the prompt is charged, and the provider is stopped', async () => {
  const caller = new AbortController();
  door.vendor.answerWith(() => {
    caller.abort();
  });
  await expect(door.send(question, caller.signal)).rejects.toThrow();
  await door
    .settled()
    .toMatchObject([
      { promptTokens: PROMPT, completionTokens: 0, tokenSource: 'counted', status: 'client-closed' },
    ]);
  await door.vendor.asked[0]?.aborted;
});
