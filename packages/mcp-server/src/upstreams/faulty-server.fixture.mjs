// A server of the revisions of 2025 over stdio that misbehaves as its tools are called. Run by node, as a child.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

const [, , mode = ''] = process.argv;
const nothing = () => undefined;
const say = (message) => process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
const sleeper = "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000)";
const text = (said) => ({ content: [{ type: 'text', text: said }] });

const FAULTS = {
  echo: ({ said }) => text(said),
  pid: () => text(String(process.pid)),
  environment: () => text(JSON.stringify(process.env)),
  strange: () => ({
    content: [
      { type: 'text', text: 'seen', strange: 1 },
      { type: 'of-tomorrow', value: [1] },
    ],
    _meta: { 'x/y': [1] },
    odd: true,
  }),
  hang: () => undefined,
  cancelled: () => text(JSON.stringify(cancelled)),
  die: () => process.exit(1),
  large: ({ bytes }) => text('x'.repeat(bytes)),
  fork: () => {
    const child = spawn(process.execPath, ['-e', sleeper], { stdio: 'ignore' });
    const strayed = spawn(process.execPath, ['-e', sleeper], { stdio: 'ignore', detached: true });
    return text(JSON.stringify([process.pid, child.pid, strayed.pid]));
  },
  swarm: () => {
    for (let i = 0; i < 40; i++) spawn('sleep', ['600'], { stdio: 'ignore' });
  },
  flood: () => {
    const line = `${JSON.stringify({ jsonrpc: '2.0', method: 'notifications/message', params: { data: 'x'.repeat(60_000) } })}\n`;
    const more = () => {
      while (process.stdout.write(line));
      process.stdout.once('drain', more);
    };
    more();
  },
  complain: () => {
    const more = () => {
      while (process.stderr.write('x'.repeat(65_536)));
      process.stderr.once('drain', more);
    };
    more();
  },
  hoard: () => {
    const hoard = [];
    setInterval(() => hoard.push(Buffer.alloc(32 * 2 ** 20, 1)), 20);
  },
  refuse: () => {
    throw new Error('I would rather not');
  },
  ask: () => {
    // whatever it was told of who can be asked
    asking = current;
    say({ id: 'of-the-server', method: 'elicitation/create', params: { message: 'Who?', requestedSchema } });
  },
  change: () => {
    descriptions.change = 'Does something else now.';
    say({ method: 'notifications/tools/list_changed' });
    return text('changed');
  },
};
const requestedSchema = { type: 'object', properties: {} };
let current;
/** Calls that its client gave up, by the names of their tools. */
const cancelled = [];
const called = new Map();
let asking;
const descriptions = Object.fromEntries(Object.keys(FAULTS).map((name) => [name, `Does ${name}.`]));
const inputSchema = { type: 'object', properties: { said: { type: 'string' }, bytes: { type: 'number' } } };

const METHODS = {
  initialize: ({ protocolVersion }) => ({
    protocolVersion,
    capabilities: { tools: { listChanged: true } },
    serverInfo: { name: 'faulty', version: '1.0.0' },
  }),
  'tools/list': () => ({
    tools: Object.entries(descriptions).map(([name, description]) => ({ name, description, inputSchema })),
  }),
  'tools/call': ({ name, arguments: args }) => FAULTS[name](args),
};

if (mode === 'mute') setInterval(nothing, 1000);
else if (mode === 'stubborn') process.on('SIGTERM', nothing);
else if (mode === 'shy')
  process.stdin.once('data', (first) => String(first).includes('discover') && process.exit(1));

createInterface({ input: process.stdin }).on('line', (line) => {
  if (mode === 'mute') return;
  const { id, method, params, ...heard } = JSON.parse(line);
  if (method === 'notifications/cancelled') cancelled.push(called.get(params.requestId));
  if (id === undefined) return;
  if (method === undefined) return say({ id: asking, result: text(JSON.stringify(heard)) });
  current = id;
  called.set(id, params?.name);
  const answer = METHODS[method];
  if (!answer) return say({ id, error: { code: -32601, message: 'Method not found' } });
  try {
    const result = answer(params);
    if (result) say({ id, result });
  } catch ({ message }) {
    say({ id, error: { code: -32050, message, data: { why: 'whim' } } });
  }
});
if (mode === 'stubborn') setInterval(nothing, 1000);
