import { type Answer, fakeProvider, freshDatabase, IS_THOROUGH } from '@smart-ai-hub/shared/testing';
import { expect, inject, test } from 'vitest';
import { signUp } from './person.ts';
import { NO_LIMITS } from './platform.ts';
import { startProcesses } from './processes.ts';
import { memoryOf } from './service-process.ts';

/** Answers at once. */
const ANSWERS = 32;
const MIB = 2 ** 20;
const usage = { input_tokens: 1, output_tokens: 1 };
const imageOf = (mebibytes: number) => 'A'.repeat(mebibytes * MIB);

/** An answer as it is sent, MiB of its image, and how the caller asks. */
type Kind = [what: string, each: number, asked: object, answer: Answer];
const whole = (each: number): Kind => {
  const drawing = Buffer.from(JSON.stringify({ created: 1, data: [{ b64_json: imageOf(each) }], usage }));
  const answer: Answer = (response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end(drawing);
  };
  return ['answers', each, {}, answer];
};
/** Each event has an image: a draft, and the one that is paid. */
const streamed = (each: number): Kind => {
  const events = ['partial_image', 'completed'].map((kind) => ({
    ...{ type: `image_generation.${kind}`, b64_json: imageOf(each) },
    ...(kind === 'completed' && { usage }),
  }));
  const stream = Buffer.from(events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join(''));
  const answer: Answer = (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).end(stream);
  };
  return ['streams with events', each, { stream: true, partial_images: 1 }, answer];
};

test.runIf(IS_THOROUGH).each([whole(24), streamed(12)])(
  `${ANSWERS} %s of %d MiB with images at once take less than 512 MiB of a process, and all arrive`,
  async (what, each, asked, answer) => {
    await using vendor = await fakeProvider();
    await using database = await freshDatabase(inject('postgres'));
    const models = [{ id: 'gpt-image-1', maxOutputTokens: 100, capabilities: { images: true } }];
    const env = {
      ...NO_LIMITS,
      PROVIDERS: JSON.stringify([{ name: 'vendor', baseUrl: vendor.url, models, maxConcurrent: ANSWERS }]),
      SIGNUP_CREDIT_MICRO: '100000000000',
    };
    const ground = { ...database, redisUrl: inject('redisUrl') };
    await using hub = await startProcesses(ground, { lanes: 1, env });
    const [gateway, mcp] = [hub.gateways[0], hub.mcps[0]];
    if (!gateway || !mcp) throw new Error('there is no lane');

    vendor.answerWith(answer);
    const key = await (await signUp(gateway.url)).makeKey();
    const pids = [gateway.pid, mcp.pid];
    const before = pids.map(memoryOf);
    const most = [...before];
    const watch = setInterval(() => {
      pids.forEach((pid, i) => (most[i] = Math.max(most[i] ?? 0, memoryOf(pid))));
    }, 20);
    const draw = async () => {
      const drawing = await fetch(`${gateway.url}/v1/images/generations`, {
        method: 'POST',
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
        body: JSON.stringify({ model: 'gpt-image-1', prompt: 'a cat', ...asked }),
      });
      let bytes = 0;
      const parts: AsyncIterable<Uint8Array> = drawing.body ?? new ReadableStream();
      for await (const part of parts) bytes += part.length;
      return { status: drawing.status, isWhole: bytes > each * MIB };
    };
    const drawn = await Promise.all(Array.from({ length: ANSWERS }, draw));
    clearInterval(watch);
    expect(drawn).toEqual(drawn.map(() => ({ status: 200, isWhole: true })));
    const [told, grown] = [before, most].map((all) => all.map(Math.round).join(' and '));
    console.log(
      `MiB of gateway and mcp-server with ${ANSWERS} ${what} of ${each} MiB: ${told}, at most ${grown}`,
    );
    for (const mebibytes of most) expect(mebibytes).toBeLessThan(512);
  },
  120_000,
);
