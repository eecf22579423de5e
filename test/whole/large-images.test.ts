import { fakeProvider, freshDatabase, IS_THOROUGH } from '@smart-ai-hub/shared/testing';
import { expect, inject, test } from 'vitest';
import { signUp } from './person.ts';
import { NO_LIMITS } from './platform.ts';
import { startProcesses } from './processes.ts';
import { memoryOf } from './service-process.ts';

/** Answers at once, and MiB of each. */
const ANSWERS = 32;
const EACH = 24;
const MIB = 2 ** 20;

test.runIf(IS_THOROUGH)(
  `${ANSWERS} answers of ${EACH} MiB with images at once take less than 512 MiB of a process, and all arrive`,
  async () => {
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

    const usage = { input_tokens: 1, output_tokens: 1 };
    const image = 'A'.repeat(EACH * MIB);
    const drawing = Buffer.from(JSON.stringify({ created: 1, data: [{ b64_json: image }], usage }));
    vendor.answerWith((response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).end(drawing);
    });
    const key = await (await signUp(gateway.url)).makeKey();
    const pids = [gateway.pid, mcp.pid];
    const before = pids.map(memoryOf);
    const most = [...before];
    const watch = setInterval(() => {
      pids.forEach((pid, i) => (most[i] = Math.max(most[i] ?? 0, memoryOf(pid))));
    }, 20);
    const draw = async () => {
      const answer = await fetch(`${gateway.url}/v1/images/generations`, {
        method: 'POST',
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
        body: JSON.stringify({ model: 'gpt-image-1', prompt: 'a cat' }),
      });
      let bytes = 0;
      const parts: AsyncIterable<Uint8Array> = answer.body ?? new ReadableStream();
      for await (const part of parts) bytes += part.length;
      return { status: answer.status, isWhole: bytes > image.length };
    };
    const drawn = await Promise.all(Array.from({ length: ANSWERS }, draw));
    clearInterval(watch);
    expect(drawn).toEqual(drawn.map(() => ({ status: 200, isWhole: true })));
    const [told, grown] = [before, most].map((all) => all.map(Math.round).join(' and '));
    console.log(
      `MiB of gateway and mcp-server with ${ANSWERS} answers of ${EACH} MiB: ${told}, at most ${grown}`,
    );
    for (const mebibytes of most) expect(mebibytes).toBeLessThan(512);
  },
  120_000,
);
