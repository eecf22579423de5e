import { fileURLToPath } from 'node:url';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { freePort } from '../packages/shared/dist/testing/ports.js';
import { must } from './ask.mjs';
import { standalone } from './contestants.mjs';
import { machine, ms, percentile, printTable } from './figures.mjs';
import { start } from './processes.mjs';

const SERVER = fileURLToPath(
  new URL('../node_modules/@modelcontextprotocol/server-everything/dist/index.js', import.meta.url),
);
/** Calls under way at once. */
const LANES = 16;
const CALLS = 1_500;
const ROUNDS = 3;

const median = (values) => percentile(values, 0.5);

/** Somebody else’s server, which speaks 2025-11-25. */
async function theServer() {
  const port = await freePort();
  const { stop } = await start(process.execPath, [SERVER, 'streamableHttp'], {
    env: { PORT: String(port) },
    ready: /listening/,
  });
  return { url: `http://127.0.0.1:${port}`, stop };
}

/** The hub with that server in it: tools seen, approved, and counted call by call. */
async function theHub(server) {
  const hub = await standalone('http://127.0.0.1:1', { MCP_LOCAL_ORIGINS: server });
  const account = { email: 'admin@test.example', password: 'nine blue kites above the harbour' };
  const post = async (path, body, token) =>
    (await must(hub.url + path, { method: 'POST', body, token })).body;
  const setup = { ...account, token: hub.setupToken, delivery: 'body' };
  const { accessToken } = await post('/api/v1/auth/setup', setup);
  const transport = { type: 'http', url: `${server}/mcp` };
  const { tools } = await post('/api/v1/mcp-servers/check', { transport }, accessToken);
  const approve = tools.map(({ name, definition }) => ({ name, definition }));
  await post('/api/v1/mcp-servers', { name: 'everything', transport, approve }, accessToken);
  const { key } = await post('/api/v1/keys', { name: 'bench' }, accessToken);
  return { ...hub, key };
}

/** A conversation of the official client. */
async function converse(url, token) {
  const headers = token ? { authorization: `Bearer ${token}` } : {};
  const client = new Client({ name: 'bench', version: '1' });
  await client.connect(
    new StreamableHTTPClientTransport(new URL(`${url}/mcp`), { requestInit: { headers } }),
  );
  return client;
}

/** Milliseconds of each call, and calls a second. */
async function round(lanes, name) {
  const took = [];
  const startedAt = performance.now();
  const run = async (client) => {
    while (took.length < CALLS) {
      const begun = performance.now();
      const { content, isError } = await client.callTool({ name, arguments: { message: 'hello' } });
      if (isError || !content[0].text.includes('hello')) throw new Error(JSON.stringify(content));
      took.push(performance.now() - begun);
    }
  };
  await Promise.all(lanes.map(run));
  return { took, rate: (took.length * 1000) / (performance.now() - startedAt) };
}

const server = await theServer();
const hub = await theHub(server.url);
const open = (url, token) => Promise.all(Array.from({ length: LANES }, () => converse(url, token)));
const ways = [
  { name: 'the server itself', lanes: await open(server.url), tool: 'echo', rounds: [] },
  { name: 'through the hub', lanes: await open(hub.url, hub.key), tool: 'everything__echo', rounds: [] },
];
try {
  for (const { lanes, tool } of ways) await round(lanes, tool); // warms up
  for (let turn = 0; turn < ROUNDS; turn++)
    for (const { lanes, tool, rounds } of ways) rounds.push(await round(lanes, tool));
  console.log(`${machine()}; all on the same cores.`);
  console.log(`\n\`tools/call\`, ${LANES} at once, medians of ${ROUNDS} rounds of ${CALLS} calls:\n`);
  const rows = ways.map(({ name, rounds }) => {
    const of = (share) => ms(median(rounds.map(({ took }) => percentile(took, share))));
    const rate = median(rounds.map((one) => one.rate));
    return [name, Math.round(rate).toLocaleString('en'), `${of(0.5)} / ${of(0.99)}`];
  });
  printTable(['', 'calls a second', 'p50 / p99 ms'], rows);
} finally {
  for (const { lanes } of ways) await Promise.all(lanes.map((client) => client.close()));
  await hub.stop();
  await server.stop();
}
