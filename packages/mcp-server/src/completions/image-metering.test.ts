import {
  type Answer,
  drawn,
  garbage,
  generatedImage,
  hangUp,
  IMAGE_USAGE,
  imageEvent,
  pictured,
  refuse,
  silence,
  startStream,
} from '@smart-ai-hub/shared/testing';
import { expect, test } from 'vitest';
import { EACH, imageDoor, LONGEST } from './image.fixture.ts';

const door = imageDoor();
const question = { model: 'draw', prompt: 'hello world' };
const stream = { ...question, stream: true };
/** What `question` counts to. */
const PROMPT = 2;

test.each([1, 3])('metering of images: the price of all %i is held, or nothing', async (n) => {
  const price = PROMPT + n * (2 * LONGEST + EACH);
  expect((await door.ask({ ...question, n })).status).toBe(200);
  expect(door.reserved()).toMatchObject([{ minMicro: price, maxMicro: price }]);
  door.vendor.asked.length = 0;
  door.books.available = price - 1;
  expect((await door.ask({ ...question, n })).status).toBe(402);
  expect(door.vendor.asked).toEqual([]);
});

test.each([
  ['plain', question, pictured(1)],
  ['streamed', stream, drawn],
] as const)(
  'metering of images, %s: reported usage and each image are charged',
  async (_way, body, answer) => {
    door.vendor.answerWith(answer);
    await (await door.ask(body)).text();
    await door.settled().toMatchObject([
      {
        ...{ service: 'image', model: 'draw', promptTokens: 10, completionTokens: 200, images: 1 },
        ...{ chargeMicro: 10 + 2 * 200 + EACH, tokenSource: 'reported', status: 'ok' },
      },
    ]);
  },
);

test('metering of images: Gemini’s usage and its image are charged', async () => {
  door.vendor.answerWith(generatedImage());
  await (await door.ask({ ...question, model: 'banana' })).text();
  await door.settled().toMatchObject([
    {
      promptTokens: 10,
      completionTokens: 1290,
      images: 1,
      chargeMicro: 10 + 2 * 1290 + EACH,
      status: 'ok',
    },
  ]);
});

test('metering of images: of a stream of two, the usage of both is charged', async () => {
  const usage = { input_tokens: 10, output_tokens: 200 };
  door.vendor.answerWith((response) => {
    startStream(response);
    response.end(imageEvent('completed', { usage }) + imageEvent('completed', { usage }));
  });
  await (await door.ask({ ...stream, n: 2 })).text();
  await door
    .settled()
    .toMatchObject([
      { promptTokens: 20, completionTokens: 400, images: 2, chargeMicro: 20 + 800 + 2 * EACH },
    ]);
});

test('metering of images: zero tokens reported are zero charged, beside the image', async () => {
  door.vendor.answerWith(pictured(1, { input_tokens: 0, output_tokens: 0 }));
  await door.ask(question);
  await door.settled().toMatchObject([{ promptTokens: 0, chargeMicro: EACH, tokenSource: 'reported' }]);
});

test.each([0, 1, 2])(
  'metering of images: without usage the prompt is counted, and of two wished for the %i that came are charged',
  async (came) => {
    door.vendor.answerWith(pictured(came, null));
    await door.ask({ ...question, n: 2 });
    await door.settled().toMatchObject([
      {
        ...{ promptTokens: PROMPT, completionTokens: 0, images: came, chargeMicro: PROMPT + came * EACH },
        ...{ tokenSource: 'counted', status: 'ok' },
      },
    ]);
  },
);

for (const body of [question, stream])
  test.each<[string, Answer, number]>([
    ['refuses with 500', refuse(500), 502],
    ['refuses with 400', refuse(400), 400],
    ['refuses our key', refuse(401), 502],
    ['asks to slow down', refuse(429), 429],
    ['hangs up', hangUp, 502],
    ['says nothing', silence, 504],
    ['answers garbage', garbage(), 502],
    ['answers what is no list', garbage('{"data":"none"}'), 502],
  ])(
    `metering of images, ${body === stream ? 'streamed' : 'plain'}: %s costs nothing`,
    async (_how, answer, status) => {
      door.vendor.answerWith(answer);
      expect((await door.ask(body)).status).toBe(status);
      await door.nothingCharged();
    },
  );

test('metering of images: a stream that breaks off after a draft costs the prompt, and ends with the error', async () => {
  door.vendor.answerWith((response) => {
    startStream(response);
    response.write(imageEvent('partial_image'), () => response.destroy());
  });
  const text = await (await door.ask(stream)).text();
  expect(text.trim().split('\n\n').at(-1)).toMatch(/^data: {"error":{.*"code":"provider-failed"/);
  await door
    .settled()
    .toMatchObject([{ chargeMicro: PROMPT, tokenSource: 'counted', status: 'provider-error' }]);
});

test('metering of images: of a caller who goes away before the image the prompt is charged, and the provider is stopped', async () => {
  const caller = new AbortController();
  door.vendor.answerWith(() => {
    caller.abort();
  });
  await expect(door.ask(question, caller.signal)).rejects.toThrow();
  await door
    .settled()
    .toMatchObject([{ chargeMicro: PROMPT, tokenSource: 'counted', status: 'client-closed' }]);
  await door.vendor.asked[0]?.aborted;
});

test('metering of images: of a caller who goes away an image that still comes in time is charged', async () => {
  const caller = new AbortController();
  door.vendor.answerWith((response) => {
    startStream(response);
    response.write(imageEvent('partial_image'));
    response.once('error', () => undefined);
    const end = () => response.end(imageEvent('completed', { usage: IMAGE_USAGE }));
    let turns = 0; // after the first of them the hub knows that nobody is there
    const drawing = setInterval(() => {
      turns += Number(caller.signal.aborted);
      if (turns < 2) return;
      clearInterval(drawing);
      end();
    }, 60);
  });
  const response = await door.ask(stream, caller.signal);
  await response.body?.getReader().read();
  caller.abort();
  await door
    .settled()
    .toMatchObject([{ chargeMicro: 10 + 400 + EACH, tokenSource: 'reported', status: 'client-closed' }]);
});
