import { cpus } from 'node:os';
import { passThrough, portkey, separate, standalone, theUpstream } from './contestants.mjs';
import { load } from './load.mjs';
import { memory } from './processes.mjs';

const seconds = Number(process.env['BENCH_SECONDS'] ?? 6);
const soakMinutes = Number(process.env['BENCH_SOAK_MINUTES'] ?? 5);

const LOADS = {
  one: { connections: 1 },
  json: { connections: 32 },
  stream: { connections: 32, stream: true },
};

/** Every load on one contestant, each after a warm-up of its own; errors are counted, not forgiven. */
async function measure({ url, headers, pids }) {
  await refuseBroken({ url, headers });
  const figures = {};
  for (const [name, shape] of Object.entries(LOADS)) {
    await load({ url, headers, ...shape, seconds: 2 });
    figures[name] = await load({ url, headers, ...shape, seconds });
  }
  figures.memory = Object.entries(pids).map(([name, pid]) => [name, memory(pid)]);
  return figures;
}

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

function row(name, figures, base) {
  const { one, json, stream } = figures;
  const added = base
    ? `${ms(one.p50 - base.one.p50)} / ${ms(one.p99 - base.one.p99)}`
    : `${ms(one.p50)} / ${ms(one.p99)} in all`;
  const cells = [
    name,
    added + errors(one),
    `${rate(json.rate)} · ${ms(json.p99)}${errors(json)}`,
    `${rate(stream.rate)} · ${ms(stream.p99)}${errors(stream)}`,
  ];
  const rss = figures.memory.map(([process, megabytes]) =>
    figures.memory.length > 1 ? `${process} ${megabytes}` : megabytes,
  );
  return `| ${[...cells, rss.join(', ')].join(' | ')} |`;
}

async function contest() {
  const upstream = await theUpstream();
  const base = await measure(upstream);
  const rows = [row(upstream.name, base)];
  const results = {};
  for (const open of [passThrough, standalone, separate, portkey]) {
    const contestant = await open(upstream.url);
    try {
      results[open.name] = await measure(contestant);
      rows.push(row(contestant.name, results[open.name], base));
    } finally {
      await contestant.stop();
    }
  }
  await upstream.stop();
  return { rows, results };
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

const { rows, results } = await contest();
console.log(
  `\nNode ${process.version}, ${cpus().length} × ${cpus()[0]?.model.trim()}; load generator, provider, PostgreSQL and Redis on the same cores.\n`,
);
console.log(
  '| | added latency at 1 connection, p50 / p99 ms | JSON at 32: requests/s · p99 ms | stream of 20 events at 32: requests/s · p99 ms | memory MB |',
);
console.log('|---|---|---|---|---|');
for (const line of rows) console.log(line);
const { standalone: ours, portkey: theirs } = results;
console.log(
  `\nOurs, with all that theirs does not do, to theirs: ${(ours.json.rate / theirs.json.rate).toFixed(2)} × for JSON, ${(ours.stream.rate / theirs.stream.rate).toFixed(2)} × for streams.`,
);
if (soakMinutes > 0)
  console.log(
    `Memory in MB, every half minute under load for ${soakMinutes} min: ${(await soak()).join(', ')}.`,
  );
