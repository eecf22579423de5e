import { Agent, request } from 'node:http';
import * as contracts from '@smart-ai-hub/shared/contracts';
import { tries } from '@smart-ai-hub/shared/testing';
import fc from 'fast-check';
import { expect, inject, test } from 'vitest';
import { codeOf, type Refusal } from './answers.ts';
import { signUp } from './person.ts';
import { NO_LIMITS, startPlatform } from './platform.ts';
import { type RandomRequest, requestsTo } from './random-requests.ts';

const isRoute = (value: unknown): value is contracts.Route =>
  typeof value === 'object' && value !== null && 'method' in value && 'path' in value;
const isContract = (value: unknown): value is contracts.Contract =>
  typeof value === 'object' && value !== null && Object.values(value).some(isRoute);

/** Every contract there is: a new one is asked at random too. */
const everything: readonly unknown[] = Object.values(contracts);
const CONTRACTS = everything.filter(isContract);

const ROUTES = CONTRACTS.flatMap((contract) => Object.values(contract))
  // what a session ends with it would end the test with it; its input is empty
  .filter(
    ({ method, path }) =>
      path !== '/api/v1/auth/logout' && !(method === 'DELETE' && path === '/api/v1/auth/me'),
  );

const BATCH = 50;
const BATCHES = tries(15, 200);

test(`${BATCH * BATCHES} random requests over every route: never a fault of ours, always the documented shape`, async () => {
  await using platform = await startPlatform(inject('postgres'), NO_LIMITS);
  const { accessToken } = await signUp(platform.url);
  const agent = new Agent({ keepAlive: true, maxSockets: 16 });
  const { port } = new URL(platform.url);

  const send = ({ method, path, body, contentType }: RandomRequest): Promise<Refusal> =>
    new Promise((resolve, reject) => {
      const headers = {
        authorization: `Bearer ${accessToken}`,
        ...(body !== undefined && { 'content-length': Buffer.byteLength(body), 'content-type': contentType }),
      };
      const asked = request({ host: '127.0.0.1', port, agent, method, path, headers }, (answer) => {
        let text = '';
        answer.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
        answer.once('end', () => {
          const { 'content-type': type = null, 'x-request-id': id } = answer.headers;
          resolve({
            path: path.split('?', 1)[0] ?? path,
            status: answer.statusCode ?? 0,
            contentType: type,
            requestId: String(id),
            text,
          });
        });
      });
      asked.once('error', reject);
      asked.end(body);
    });

  const statuses = new Map<number, number>();
  const batch = fc.array(fc.oneof(...ROUTES.map(requestsTo)), { minLength: BATCH, maxLength: BATCH });
  await fc.assert(
    fc.asyncProperty(batch, async (requests) => {
      const refusals = await Promise.all(requests.map(send));
      for (const [index, refusal] of refusals.entries()) {
        statuses.set(refusal.status, (statuses.get(refusal.status) ?? 0) + 1);
        expect(refusal.status, JSON.stringify([requests[index], refusal.text])).toBeLessThan(500);
        if (refusal.status >= 400) codeOf(refusal);
      }
    }),
    { numRuns: BATCHES, endOnFailure: true },
  );
  agent.destroy();
  expect([...statuses.values()].reduce((sum, count) => sum + count, 0)).toBe(BATCH * BATCHES);
  expect([...statuses.keys()]).toEqual(expect.arrayContaining([200, 201, 400, 404, 415]));
  expect(platform.log.lines().filter(({ level }) => level === 'error')).toEqual([]);
});
