import { createRequire } from 'node:module';
import { passThrough, portkey, standalone, theUpstream } from './contestants.mjs';
import { machine, ms, percentile, printTable } from './figures.mjs';
import { load } from './load.mjs';
import { memory } from './processes.mjs';

const require = createRequire(new URL('../packages/api-gateway/package.json', import.meta.url));
const { Agent, request } = require('undici');

const CHAT = '/v1/chat/completions';
const MESSAGES = '/v1/messages';
const CONNECTIONS = 32;
const SECONDS = 5;
const ROUNDS = 3;
/** Streams that are held open at once. */
const HELD = 1_000;
/** Words of an answer, each an event and a token. */
const WORDS = 20;

const median = (values) => percentile(values, 0.5);

const dispatcher = new Agent({ connections: HELD });

/** Begins a stream; resolves with its body once the first word is there, and the milliseconds until then. */
async function firstWord({ url, headers = {} }, content) {
  const startedAt = performance.now();
  const { statusCode, body } = await request(url + CHAT, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify({
      model: 'gpt-4o-mini',
      messages: [{ role: 'user', content }],
      max_tokens: 100,
      stream: true,
    }),
    dispatcher,
  });
  if (statusCode !== 200) throw new Error(`${url} answered ${statusCode}: ${await body.text()}`);
  for await (const chunk of body.iterator({ destroyOnReturn: false }))
    if (String(chunk).includes('word')) return { body, took: performance.now() - startedAt };
  throw new Error(`${url} said nothing`);
}

/** Milliseconds to the first word of streams that begin evenly, `rate` in a second, whatever became of those before. */
async function timesToFirstWord(contestant, rate) {
  const running = [];
  const begin = async () => {
    const { body, took } = await firstWord(contestant, 'Hello');
    await body.dump();
    return took;
  };
  const startedAt = performance.now();
  await new Promise((resolve) => {
    const clock = setInterval(() => {
      const due = Math.min(rate * SECONDS, ((performance.now() - startedAt) * rate) / 1000);
      while (running.length < due) running.push(begin());
      if (running.length < rate * SECONDS) return;
      clearInterval(clock);
      resolve();
    }, 1);
  });
  return Promise.all(running);
}

/** Streams a second, as many as 32 connections get through. */
async function most(contestant, path = CHAT) {
  const { rate, errors } = await load({
    ...contestant,
    path,
    stream: true,
    connections: CONNECTIONS,
    seconds: SECONDS,
  });
  if (errors > 0) throw new Error(`${contestant.name} had ${errors} errors at ${path}`);
  return rate;
}

/** The same rate for all: half of what the slowest of them gets through. */
async function firstWords(contestants) {
  const rates = [];
  for (const contestant of contestants) rates.push(await most(contestant));
  const rate = Math.round(Math.min(...rates) / 2);
  const took = contestants.map(() => ({ p50: [], p99: [] }));
  for (let round = 0; round <= ROUNDS; round++)
    for (const [index, contestant] of contestants.entries()) {
      const all = await timesToFirstWord(contestant, rate);
      if (round === 0) continue; // warms up
      took[index].p50.push(percentile(all, 0.5));
      took[index].p99.push(percentile(all, 0.99));
    }
  const [base, ...rest] = took.map(({ p50, p99 }) => ({ p50: median(p50), p99: median(p99) }));
  console.log(
    `\nTime to the first word at ${rate} streams a second, half of what the slowest gets through:\n`,
  );
  printTable(
    ['', 'added p50 / p99 ms'],
    [
      [contestants[0].name, `${ms(base.p50)} / ${ms(base.p99)} in all`],
      ...rest.map((own, index) => [
        contestants[index + 1].name,
        `${ms(own.p50 - base.p50)} / ${ms(own.p99 - base.p99)}`,
      ]),
    ],
  );
}

/** One provider in OpenAI's format, asked in its own and in Anthropic's, in turns. */
async function translation(hub) {
  const rates = { own: [], translated: [] };
  for (let round = 0; round <= ROUNDS; round++) {
    const [own, translated] = [await most(hub), await most(hub, MESSAGES)];
    if (round === 0) continue;
    rates.own.push(own * WORDS);
    rates.translated.push(translated * WORDS);
  }
  const [own, translated] = [median(rates.own), median(rates.translated)].map(Math.round);
  console.log(
    `\nTokens a second in streams at ${CONNECTIONS}: ${own.toLocaleString('en')} passed on, ${translated.toLocaleString('en')} translated for Anthropic's clients: ${Math.round((1 - translated / own) * 100)} % less.`,
  );
}

/** Streams that have said one word and stay open. */
async function heldStreams(hub) {
  const before = memory(hub.pids.hub);
  const held = [];
  while (held.length < HELD)
    held.push(...(await Promise.all(Array.from({ length: 50 }, () => firstWord(hub, 'Stay, please.')))));
  const after = memory(hub.pids.hub);
  console.log(
    `\n${HELD} streams open at once: ${before} MB before, ${after} MB with them, ${Math.round(((after - before) * 1024) / HELD)} KB for each.`,
  );
  for (const { body } of held) body.destroy();
}

const upstream = await theUpstream();
const contestants = [upstream];
try {
  for (const open of [passThrough, standalone, portkey]) contestants.push(await open(upstream.url));
  console.log(`${machine()}; all on the same cores. Medians of ${ROUNDS} rounds of ${SECONDS} s.`);
  await firstWords(contestants);
  const [, , hub] = contestants;
  await translation(hub);
  await heldStreams(hub);
} finally {
  await dispatcher.destroy();
  for (const { stop } of contestants.toReversed()) await stop();
}
