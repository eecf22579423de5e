import { openDatabase } from '@smart-ai-hub/database';
import { fakeProvider, freshDatabase, IS_THOROUGH } from '@smart-ai-hub/shared/testing';
import { expect, inject, test } from 'vitest';
import { gate } from './gated-vendor.ts';
import { signUp } from './person.ts';
import { NO_LIMITS } from './platform.ts';
import { startProcesses } from './processes.ts';
import { memoryOf } from './service-process.ts';

const STREAMS = 1_000;
/** Opened at once: what is about many that are open is not about many that begin. */
const BATCH = 50;

/** A stream that has begun. */
async function open(url: string, key: string): Promise<Response> {
  const messages = [{ role: 'user', content: 'say hello' }];
  const answer = await fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'gpt-4o-mini', messages, stream: true, max_tokens: 50 }),
  });
  if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
  return answer;
}

test.runIf(IS_THOROUGH)(
  `${STREAMS} streams are open at once in less than 512 MiB a process, and each ends and is paid`,
  async () => {
    await using vendor = await fakeProvider();
    await using database = await freshDatabase(inject('postgres'));
    const env = {
      ...NO_LIMITS,
      PROVIDERS: JSON.stringify([
        { name: 'vendor', baseUrl: vendor.url, models: ['gpt-4o-mini'], maxConcurrent: STREAMS },
      ]),
      PROVIDER_IDLE_MS: '60000',
      SIGNUP_CREDIT_MICRO: '1000000000',
    };
    const ground = { ...database, redisUrl: inject('redisUrl') };
    await using hub = await startProcesses(ground, { lanes: 1, env });
    const [gateway, mcp] = [hub.gateways[0], hub.mcps[0]];
    if (!gateway || !mcp) throw new Error('there is no lane');

    const held = gate();
    vendor.answerWith(held.answer);
    const key = await (await signUp(gateway.url)).makeKey();
    const streams: Response[] = [];
    while (streams.length < STREAMS)
      streams.push(...(await Promise.all(Array.from({ length: BATCH }, () => open(gateway.url, key)))));
    expect(held.waiting()).toBe(STREAMS);
    const memory = [gateway, mcp].map(({ pid }) => memoryOf(pid));
    console.log(
      `MiB with ${STREAMS} open streams: gateway and mcp-server ${memory.map(Math.round).join(' and ')}`,
    );
    for (const mebibytes of memory) expect(mebibytes).toBeLessThan(512);

    held.open();
    const texts = await Promise.all(streams.map((stream) => stream.text()));
    expect(texts.filter((text) => /Hello.*world.*\[DONE\]/s.test(text))).toHaveLength(STREAMS);
    const { pool, close } = openDatabase({ url: database.ownerUrl, poolMax: 1 });
    const paid = async () =>
      (await pool.query<{ count: number }>('SELECT count(*)::int FROM core.usage_logs')).rows[0]?.count;
    await expect.poll(paid, { timeout: 20_000 }).toBe(STREAMS);
    await close();
  },
  120_000,
);
