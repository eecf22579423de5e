import {
  PICTURE,
  drawn,
  generatedImage,
  pictured,
  refuse,
  refuseGenerated,
} from '@smart-ai-hub/shared/testing';
import { describe, expect, test } from 'vitest';
import { imageDoor } from './image.fixture.ts';

const door = imageDoor();
const question = { model: 'draw', prompt: 'a cat' };

test('images come back byte for byte, and what the hub does not know travels on', async () => {
  door.vendor.answerWith(pictured(2));
  const asked = { ...question, n: 2, size: '1536x1024', quality: 'low', vendor_field: 1 };
  const answer = await door.ask(asked);
  expect([answer.status, answer.headers.get('content-type')]).toEqual([
    200,
    'application/json; charset=utf-8',
  ]);
  expect(await answer.json()).toMatchObject({ data: [{ b64_json: PICTURE }, { b64_json: PICTURE }] });
  expect(door.vendor.asked).toMatchObject([
    { path: '/v1/images/generations', body: { ...asked, model: 'gpt-image-1' } },
  ]);
});

test('a stream passes its drafts on as they are', async () => {
  door.vendor.answerWith(drawn);
  const answer = await door.ask({ ...question, stream: true, partial_images: 1 });
  expect(answer.headers.get('content-type')).toContain('text/event-stream');
  const events = (await answer.text()).trim().split('\n\n');
  expect(events.map((event) => event.split('\n')[0])).toEqual([
    'event: image_generation.partial_image',
    'event: image_generation.completed',
  ]);
});

test('an event of 12 MB passes', async () => {
  const large = 'A'.repeat(12 * 1024 * 1024);
  door.vendor.answerWith((response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.end(`data: ${JSON.stringify({ type: 'image_generation.completed', b64_json: large })}\n\n`);
  });
  const text = await (await door.ask({ ...question, stream: true })).text();
  expect(text.length).toBeGreaterThan(large.length);
  expect(text).not.toContain('error');
});

test('an answer of more than 64 MB is cut off and refused', async () => {
  door.vendor.answerWith(pictured(1, null, 'A'.repeat(65 * 1024 * 1024)));
  const answer = await door.ask(question);
  expect([answer.status, await answer.json()]).toMatchObject([502, { error: { code: 'provider-failed' } }]);
  await door.nothingCharged();
});

test('images are waited for longer than words', async () => {
  door.vendor.answerWith((response, asked) => {
    const drawing = setInterval(() => {
      clearInterval(drawing);
      void drawn(response, asked);
    }, 150); // three times what words get
  });
  expect(await (await door.ask({ ...question, stream: true })).text()).toContain('completed');
});

test('a refusal is told in the vendor’s words', async () => {
  door.vendor.answerWith(refuse(400, 'Your request was rejected by the safety system.'));
  const answer = await door.ask(question);
  expect([answer.status, await answer.json()]).toMatchObject([
    400,
    { error: { message: 'Your request was rejected by the safety system.' } },
  ]);
});

test.each(['chat', 'blind', 'claude'])('%s makes no images, and nobody is asked', async (model) => {
  const answer = await door.ask({ ...question, model });
  expect([answer.status, await answer.json()]).toMatchObject([
    400,
    { error: { code: 'invalid-request', message: `${model} makes no images` } },
  ]);
  expect([door.vendor.asked, door.reserved()]).toEqual([[], []]);
});

test.each([
  [{ model: 'draw' }, 400],
  [{ model: 'draw', prompt: '' }, 400],
  [{ model: 'draw', prompt: ['a cat'] }, 400],
  [{ ...question, n: 0 }, 400],
  [{ ...question, n: 11 }, 400],
  [{ ...question, size: 1024 }, 400],
  [{ ...question, stream: 'yes' }, 400],
  [{ prompt: 'a cat' }, 400],
  [{ ...question, model: 'nobody' }, 404],
  [{ ...question, model: 'hub/echo' }, 400],
])('%j is refused with %i', async (body, status) => {
  const answer = await door.ask(body);
  expect([answer.status, await answer.json()]).toMatchObject([
    status,
    { error: { type: expect.any(String) } },
  ]);
  expect(door.reserved()).toEqual([]);
});

describe('before Gemini', () => {
  const asked = { model: 'banana', prompt: 'a cat' };

  test.each([
    [undefined, undefined],
    ['auto', undefined],
    ['1024x1024', '1:1'],
    ['1536x1024', '3:2'],
    ['1024x1536', '2:3'],
    ['1792x1024', '16:9'],
    ['3840x1600', '21:9'],
  ])('of size %s it asks for proportions of %s', async (size, aspectRatio) => {
    door.vendor.answerWith(generatedImage());
    expect((await door.ask({ ...asked, ...(size && { size }), quality: 'high' })).status).toBe(200);
    const [{ path, body } = { path: '', body: {} }] = door.vendor.asked;
    expect(path).toBe('/v1beta/models/banana:generateContent');
    expect(body).toEqual({
      contents: [{ role: 'user', parts: [{ text: 'a cat' }] }],
      generationConfig: {
        responseModalities: ['IMAGE'],
        ...(aspectRatio && { imageConfig: { aspectRatio } }),
      },
    });
  });

  test('the image is told as OpenAI tells one, without the words and drafts beside it', async () => {
    const image = { mimeType: 'image/jpeg', data: PICTURE };
    const draft = { thought: true, inlineData: { ...image, data: 'draft' } };
    door.vendor.answerWith(generatedImage([draft, { text: 'Here it is.' }, { inlineData: image }]));
    expect(await (await door.ask(asked)).json()).toEqual({
      created: expect.any(Number),
      data: [{ b64_json: PICTURE }],
      output_format: 'jpeg',
      usage: {
        input_tokens: 10,
        input_tokens_details: { text_tokens: 10, image_tokens: 0 },
        output_tokens: 1290,
        total_tokens: 1300,
      },
    });
  });

  test.each([
    [{ n: 2 }, 'one answer'],
    [{ stream: true }, 'a stream of images'],
    [{ response_format: 'url' }, 'an address of an image'],
    [{ background: 'transparent' }, 'a transparent background'],
    [{ size: 'large' }, 'size'],
    [{ size: '0x5' }, 'size'],
  ])('%j is refused in words, and costs nothing', async (more, words) => {
    const answer = await door.ask({ ...asked, ...more });
    expect([answer.status, await answer.json()]).toMatchObject([
      400,
      { error: { message: expect.stringContaining(words) } },
    ]);
    expect(door.vendor.asked).toEqual([]);
    await door.nothingCharged();
  });

  test('an image that was held back is the caller’s to know, and costs nothing', async () => {
    door.vendor.answerWith(generatedImage([], 'IMAGE_SAFETY'));
    const answer = await door.ask(asked);
    expect([answer.status, await answer.json()]).toMatchObject([
      400,
      { error: { message: 'the provider held the image back: IMAGE_SAFETY' } },
    ]);
    await door.nothingCharged();
  });

  test.each([
    ['words alone', generatedImage([{ text: 'I would rather not.' }])],
    ['nothing', generatedImage([], '')],
  ])('an answer of %s is none, and costs nothing', async (_what, answer) => {
    door.vendor.answerWith(answer);
    expect((await door.ask(asked)).status).toBe(502);
    await door.nothingCharged();
  });

  test('its refusals have OpenAI’s shape', async () => {
    door.vendor.answerWith(refuseGenerated(400, 'No such proportions.'));
    expect(await (await door.ask(asked)).json()).toMatchObject({
      error: { message: 'No such proportions.', type: 'invalid_request_error' },
    });
  });
});
