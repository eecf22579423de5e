import { createRequire } from 'node:module';

const require = createRequire(new URL('../packages/api-gateway/package.json', import.meta.url));
const { fastify } = require('fastify');
const { Pool } = require('undici');

/** The least a gateway can do: Fastify in front, undici behind, nothing in between. What we add is measured against it. */
const [upstream] = process.argv.slice(2);
const pool = new Pool(upstream, { connections: 256 });
const app = fastify();
app.removeAllContentTypeParsers();
app.addContentTypeParser('*', (_request, _payload, done) => done(null));
app.post('/v1/chat/completions', async (request, reply) => {
  const { 'content-type': type, 'content-length': length } = request.headers;
  const headers = { 'content-type': type, 'content-length': length };
  const answer = await pool.request({ method: 'POST', path: request.url, headers, body: request.raw });
  return reply
    .code(answer.statusCode)
    .header('content-type', answer.headers['content-type'])
    .send(answer.body);
});
await app.listen({ host: '127.0.0.1', port: 0 });
process.send?.({ port: app.server.address().port });
