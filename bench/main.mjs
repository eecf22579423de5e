import { cpus } from 'node:os';
import { passThrough, portkey, separate, standalone, theUpstream } from './contestants.mjs';
import { load } from './load.mjs';
import { memory } from './processes.mjs';

const seconds = Number(process.env['BENCH_SECONDS'] ?? 4);
const rounds = Number(process.env['BENCH_ROUNDS'] ?? 5);
const soakMinutes = Number(process.env['BENCH_SOAK_MINUTES'] ?? 5);

const LOADS = {
  one: { connections: 1 },
  json: { connections: 32 },
  stream: { connections: 32, stream: true },
};

/**
 * Every load on every contestant, in turns, so that a machine that is slower for a while is slower for all.
 * Each round but the first, which warms up, gives a figure; their median counts. Errors are counted, not forgiven.
 */
async function measure(contestants) {
  const results = new Map(contestants.map((contestant) => [contestant, { one: [], json: [], stream: [] }]));
  const turns = contestants.flatMap((contestant) => Object.keys(LOADS).map((name) => ({ contestant, name })));
  for (let round = 0; round <= rounds; round++) {
    for (const { contestant, name } of turns) {
      const { url, headers } = contestant;
      const figure = await load({ url, headers, ...LOADS[name], seconds });
      if (round > 0) results.get(contestant)[name].push(figure);
    }
  }
  return contestants.map((contestant) => ({ contestant, ...summary(contestant, results.get(contestant)) }));
}

const summary = ({ pids }, figures) => ({
  ...Object.fromEntries(Object.entries(figures).map(([name, list]) => [name, medians(list)])),
  memory: Object.entries(pids).map(([name, pid]) => [name, memory(pid)]),
});

const medians = (list) => ({
  rate: median(list.map(({ rate: value }) => value)),
  p50: median(list.map(({ p50 }) => p50)),
  p99: median(list.map(({ p99 }) => p99)),
  errors: list.reduce((sum, { errors: count }) => sum + count, 0),
});

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

/** A contestant that does not answer whole is not measured. */
async function refuseBroken({ url, headers }) {
  for (const stream of [false, true]) {
    const answer = await fetch(`${url}/v1/chat/completions`, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify({
        model: 'gpt-4o-mini',
        messages: [{ role: 'user', content: 'x' }],
        max_tokens: 100,
        stream,
      }),
    });
    const text = await answer.text();
    const whole = stream
      ? text.match(/"word /g)?.length === 20 && text.includes('[DONE]')
      : text.includes('word word');
    if (!answer.ok || !whole) throw new Error(`${url} answered ${answer.status}: ${text.slice(0, 300)}`);
  }
}

const ms = (value) => value.toFixed(2);
const rate = (value) => Math.round(value).toLocaleString('en');
const errors = ({ errors: count }) => (count > 0 ? ` (${count} errors)` : '');

function row({ contestant, one, json, stream, memory: processes }, base) {
  const added = base
    ? `${ms(one.p50 - base.one.p50)} / ${ms(one.p99 - base.one.p99)}`
    : `${ms(one.p50)} / ${ms(one.p99)} in all`;
  const cells = [
    contestant.name,
    added + errors(one),
    `${rate(json.rate)} · ${ms(json.p99)}${errors(json)}`,
    `${rate(stream.rate)} · ${ms(stream.p99)}${errors(stream)}`,
  ];
  const rss = processes.map(([process, megabytes]) =>
    processes.length > 1 ? `${process} ${megabytes}` : megabytes,
  );
  return `| ${[...cells, rss.join(', ')].join(' | ')} |`;
}

async function contest() {
  const upstream = await theUpstream();
  const contestants = [upstream];
  try {
    for (const open of [passThrough, standalone, separate, portkey])
      contestants.push(await open(upstream.url));
    for (const contestant of contestants) await refuseBroken(contestant);
    return await measure(contestants);
  } finally {
    for (const { stop } of contestants.toReversed()) await stop();
  }
}

/** The whole platform under load for minutes: memory must not grow. */
async function soak() {
  const upstream = await theUpstream();
  const hub = await standalone(upstream.url);
  const samples = [];
  for (let half = 0; half < soakMinutes * 2; half++) {
    const { errors: failed } = await load({ ...hub, connections: 32, stream: half % 2 === 1, seconds: 30 });
    samples.push(memory(hub.pids.hub));
    if (failed > 0) console.log(`${failed} errors while soaking`);
  }
  await hub.stop();
  await upstream.stop();
  return samples;
}

const [base, ...others] = await contest();
console.log(
  `\nNode ${process.version}, ${cpus().length} × ${cpus()[0]?.model.trim()}; load generator, provider, PostgreSQL and Redis on the same cores.`,
);
console.log(`Medians of ${rounds} rounds of ${seconds} s for each figure, in turns.\n`);
console.log(
  '| | added latency at 1 connection, p50 / p99 ms | JSON at 32: requests/s · p99 ms | stream of 20 events at 32: requests/s · p99 ms | memory MB |',
);
console.log('|---|---|---|---|---|');
for (const figures of [base, ...others]) console.log(row(figures, figures === base ? undefined : base));
const [, ours, , theirs] = others;
console.log(
  `\nOurs, with all that theirs does not do, to theirs: ${(ours.json.rate / theirs.json.rate).toFixed(2)} × for JSON, ${(ours.stream.rate / theirs.stream.rate).toFixed(2)} × for streams.`,
);
if (soakMinutes > 0)
  console.log(
    `Memory in MB, every half minute under load for ${soakMinutes} min: ${(await soak()).join(', ')}.`,
  );
