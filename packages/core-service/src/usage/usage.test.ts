import { randomUUID } from 'node:crypto';
import { SUMMARY_KEYS, usageContract } from '@smart-ai-hub/shared/contracts';
import { tries } from '@smart-ai-hub/shared/testing';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { settlement, startCore } from '../core.fixture.ts';
import { addPastCalls, type PastCall } from './past-calls.fixture.ts';

let core: Awaited<ReturnType<typeof startCore>>;
let admin: Awaited<ReturnType<typeof core.person>>;
beforeAll(async () => {
  core = await startCore();
  admin = await core.person(['admin']);
  for (const back of [1, 2, 3, 4, 12]) await makePartition(back);
  await forgetRollUps(Date.now() - 30 * 24 * HOUR);
});
afterAll(() => core[Symbol.asyncDispose]());

/** A month that is over, as one that was made when it began. */
const makePartition = (back: number) =>
  core.sql(`DO $$ DECLARE first date := date_trunc('month', now() AT TIME ZONE 'UTC') - interval '${back} months'; BEGIN
    EXECUTE format('CREATE TABLE IF NOT EXISTS core.%I PARTITION OF core.usage_logs FOR VALUES FROM (%L) TO (%L)',
      'usage_logs_' || to_char(first, 'YYYY_MM'), first::text || ' 00:00:00+00', (first + interval '1 month')::date::text || ' 00:00:00+00');
  END $$`);

const HOUR = 3_600_000;
const UNITS = ['hour', 'day', 'month'] as const;
/** When the hour, day or month of a moment began, where clocks are ahead of UTC by so much. */
const beginOf = (unit: (typeof UNITS)[number], time: number, ahead: number) => {
  const [month, day, hour] = [7, 10, 13].map((length) =>
    new Date(time + ahead).toISOString().slice(0, length),
  );
  const begin = { hour: `${hour}:00:00Z`, day: `${day}T00:00:00Z`, month: `${month}-01T00:00:00Z` }[unit];
  return Date.parse(begin) - ahead;
};
const USAGE = '/api/v1/usage';

const addCalls = (calls: readonly PastCall[]) => addPastCalls(core, calls);

/** Waits for a year of days, at most. */
const rollUp = async () => {
  await core.sql("SELECT core_jobs.add_job('roll-up-usage')");
  const waiting = () => core.sql("SELECT 1 FROM core_jobs.jobs WHERE task_identifier = 'roll-up-usage'");
  await expect.poll(waiting, { timeout: 20_000 }).toEqual([]);
};
/** As if nothing had been rolled up since. */
const forgetRollUps = async (since: number) => {
  for (const kind of ['rollups', 'totals', 'days', 'months'])
    await core.sql(`WITH mine AS (DELETE FROM core.usage_${kind}) DELETE FROM core.team_usage_${kind}`);
  await core.sql("UPDATE core.usage_rolled_up SET until = date_trunc('hour', $1::timestamptz, 'UTC')", [
    new Date(since).toISOString(),
  ]);
};

const summary = async ({ ask }: typeof admin, query: string) => {
  const answer = await ask('GET', `${USAGE}/summary?${query}`);
  expect(answer.status).toBe(200);
  return usageContract.usageSummary.success.schema.parse(answer.body).items;
};
const costs = async (who: typeof admin, query: string): Promise<Record<string, number>> =>
  Object.fromEntries(
    (await summary(who, query)).map(({ name, creditsMicro }): [string, number] => [
      String(name),
      creditsMicro,
    ]),
  );

const sumOf = <K extends string>(all: readonly Record<K, number>[], name: K): number =>
  all.reduce((sum, one) => sum + one[name], 0);

describe('a summary', () => {
  test('adds up by day, model, service, key and person', async () => {
    const person = await core.person();
    const key = randomUUID();
    const noon = Math.floor(Date.now() / (24 * HOUR)) * 24 * HOUR - 12 * HOUR;
    await addCalls([
      { userId: person.id, at: noon, keyId: key, credits: 5, images: 2 },
      { userId: person.id, at: noon + 1, model: 'o3', credits: 70, status: 'provider-error' },
      { userId: person.id, at: noon - 24 * HOUR, model: 'o3', credits: 9 },
    ]);
    const day = (at: number) => new Date(at).toISOString().slice(0, 10);
    expect(await summary(person, 'by=day')).toEqual([
      {
        name: day(noon - 24 * HOUR),
        calls: 1,
        failed: 0,
        promptTokens: 10,
        completionTokens: 1,
        images: 0,
        creditsMicro: 9,
      },
      {
        ...{ name: day(noon), calls: 2, failed: 1, promptTokens: 20, completionTokens: 2 },
        ...{ images: 2, creditsMicro: 75 },
      },
    ]);
    expect(await costs(person, 'by=model')).toEqual({ o3: 79, 'gpt-4o': 5 });
    expect(await costs(person, 'by=service')).toEqual({ chat: 84 });
    expect(await costs(person, 'by=key')).toEqual({ [key]: 5, null: 79 });
    expect(await costs(person, 'by=user')).toEqual({ [person.id]: 84 });
    expect(await costs(person, 'by=model&model=o3')).toEqual({ o3: 79 });
    expect(await costs(person, `by=model&from=${new Date(noon).toISOString()}`)).toEqual({
      o3: 70,
      'gpt-4o': 5,
    });
    expect(await costs(person, `by=model&to=${new Date(noon).toISOString()}`)).toEqual({ o3: 9 });
  });

  test('begins its days where the person is', async () => {
    const person = await core.person();
    const midnight = Math.floor(Date.now() / (24 * HOUR)) * 24 * HOUR;
    const evening = midnight - 6 * HOUR; // 18:00 in UTC, 01:00 of the next day in Bangkok
    await addCalls([{ userId: person.id, at: evening }]);
    const day = (at: number) => new Date(at).toISOString().slice(0, 10);
    const days = async (zone: string) =>
      (await summary(person, `by=day&timeZone=${zone}`)).map(({ name }) => name);
    expect(await days('UTC')).toEqual([day(evening)]);
    expect(await days('Asia/Bangkok')).toEqual([day(midnight)]);
    expect(await days('America/Los_Angeles')).toEqual([day(evening)]);
  });

  test('is of oneself, of somebody within reach, or of all of them', async () => {
    const [manager, member, stranger] = [
      await core.person(['manager']),
      await core.person(),
      await core.person(),
    ];
    core.teams.set(manager.id, [member.id]);
    await addCalls(
      [manager, member, stranger].map(({ id }, n) => ({ userId: id, at: Date.now() - HOUR, credits: n + 1 })),
    );
    expect(await costs(manager, 'by=user')).toEqual({ [manager.id]: 1 });
    expect(await costs(manager, 'by=user&of=reach')).toEqual({ [manager.id]: 1, [member.id]: 2 });
    expect(await costs(manager, `by=user&userId=${member.id}`)).toEqual({ [member.id]: 2 });
    expect(await costs(admin, 'by=user&of=reach')).toMatchObject({ [stranger.id]: 3 });
    expect((await manager.ask('GET', `${USAGE}/summary?by=user&userId=${stranger.id}`)).status).toBe(404);
    expect(await costs(member, 'by=user&of=reach')).toEqual({ [member.id]: 2 });
  });

  test.each([
    '',
    'by=hour',
    'by=day&timeZone=Mars',
    'by=day&timeZone=',
    'by=day&from=now',
    'by=day&of=all',
    "by=day&model='",
  ])('is not asked for by %j', async (query) => {
    const expected = query.includes("'") ? 200 : 400;
    expect((await admin.ask('GET', `${USAGE}/summary?${query}`)).status).toBe(expected);
  });
});

test('a summary of teams counts a call in every team of its person, before and after it is rolled up', async () => {
  const [first, second] = [randomUUID(), randomUUID()];
  const [one, other] = [await core.person(), await core.person()];
  const at = Date.now() - 3 * HOUR;
  await addCalls([
    { userId: one.id, at, credits: 1, teamIds: [first, second] },
    { userId: one.id, at, credits: 10, teamIds: [first] },
    { userId: one.id, at, credits: 100 },
    { userId: other.id, at, credits: 1000, teamIds: [second] },
  ]);
  const look = async () => ({
    byTeam: await costs(admin, 'by=team&of=reach'),
    ofFirst: await costs(admin, `by=user&of=reach&teamId=${first}`),
    ofSecond: await costs(admin, `by=user&of=reach&teamId=${second}`),
    mine: await costs(one, `by=model&teamId=${second}`),
    byUser: await costs(one, 'by=user'),
  });
  const expected = {
    byTeam: { [first]: 11, [second]: 1001 },
    ofFirst: { [one.id]: 11 },
    ofSecond: { [one.id]: 1, [other.id]: 1000 },
    mine: { 'gpt-4o': 1 },
    byUser: { [one.id]: 111 },
  };
  expect(await look()).toEqual(expected);
  await rollUp();
  expect(await look()).toEqual(expected);
});

test(`says the same whatever has been rolled up, in ${tries(8, 20)} random pasts`, async () => {
  const models = ['gpt-4o', 'o3', 'claude'];
  const team = randomUUID();
  const call = fc.record({
    ago: fc.integer({ min: 0, max: 20 * 24 }),
    model: fc.constantFrom(...models),
    credits: fc.nat(1000),
    images: fc.nat(4),
    status: fc.constantFrom('ok', 'client-closed'),
    keyId: fc.constantFrom(null, randomUUID()),
    teamIds: fc.constantFrom(undefined, [team], [randomUUID(), team]),
  });
  const pasts = fc.array(call, { minLength: 1, maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(pasts, fc.nat(20 * 24), fc.nat(5 * 24), async (calls, start, length) => {
      const person = await core.person();
      const now = Date.now();
      await forgetRollUps(now - 21 * 24 * HOUR);
      await addCalls(calls.map(({ ago, ...rest }) => ({ ...rest, userId: person.id, at: now - ago * HOUR })));
      const look = async () => [
        await summary(person, 'by=day'),
        await summary(person, 'by=model'),
        await summary(person, 'by=key'),
      ];
      const [since, until] = [start, start + length].map((hours) =>
        new Date(now - (20 * 24 - hours) * HOUR).toISOString(),
      );
      const elsewhere = [
        ...SUMMARY_KEYS.map((by) => `by=${by}&of=reach&from=${since}&to=${until}`),
        `by=user&of=reach&model=o3&from=${since}`,
        ...SUMMARY_KEYS.map((by) => `by=${by}&of=reach&teamId=${team}&from=${since}&to=${until}`),
        ...['user', 'team'].map((by) => `by=${by}&of=reach`),
      ];
      const lookElsewhere = async () => [
        await summary(person, 'by=team'),
        ...(await Promise.all(elsewhere.map((query) => summary(admin, query)))),
      ];
      const [before, elsewhereBefore] = [await look(), await lookElsewhere()];
      const total = sumOf(calls, 'credits');
      for (const lines of before)
        expect([sumOf(lines, 'creditsMicro'), sumOf(lines, 'images')]).toEqual([
          total,
          sumOf(calls, 'images'),
        ]);
      await Promise.all([rollUp(), rollUp()]);
      expect(await look()).toEqual(before);
      await rollUp();
      expect(await look()).toEqual(before);
      expect(await lookElsewhere()).toEqual(elsewhereBefore);
      const [{ sum } = { sum: 0 }] = await core.sql(
        'SELECT coalesce(sum(credits), 0)::int AS sum FROM core.usage_rollups WHERE user_id = $1',
        [person.id],
      );
      expect(Number(sum)).toBeLessThanOrEqual(total);
    }),
    { numRuns: tries(8, 20) },
  );
});

test(`has every hour of a period once, from whichever sums, in ${tries(100, 1000)} random periods of months`, async () => {
  const person = await core.person();
  const team = randomUUID();
  const HOURS = 110 * 24;
  const thisHour = Math.floor(Date.now() / HOUR) * HOUR;
  const calls = Array.from({ length: HOURS }, (_, ago) => ({
    userId: person.id,
    at: thisHour - ago * HOUR,
    credits: ago + 1,
    images: ago % 5,
    teamIds: ago % 3 === 0 ? [team] : undefined,
  }));
  await forgetRollUps(thisHour - HOURS * HOUR);
  await addCalls(calls);
  await rollUp();
  const queries = {
    [`by=user&userId=${person.id}`]: person.id,
    'by=user&of=reach': person.id,
    'by=team&of=reach': team,
    [`by=user&of=reach&teamId=${team}`]: person.id,
    [`by=team&userId=${person.id}`]: team,
  };
  const period = fc.record({
    ends: fc.tuple(fc.nat(HOURS + 24), fc.nat(HOURS + 24)),
    units: fc.tuple(fc.constantFrom(...UNITS), fc.constantFrom(...UNITS)),
    offset: fc.constantFrom(0, 0, 7, -8, 5.5),
  });
  await fc.assert(
    fc.asyncProperty(period, fc.constantFrom(...Object.entries(queries)), async (asked, [query, name]) => {
      const ends = asked.ends.map((ago, n) =>
        beginOf(asked.units[n] ?? 'hour', thisHour + (24 - ago) * HOUR, asked.offset * HOUR),
      );
      const [from, to] = [Math.min(...ends), Math.max(...ends)];
      const [since, until] = [from, to].map((time) => new Date(time).toISOString());
      const lines = await summary(admin, `${query}&from=${since}&to=${until}`);
      const said = lines.find((line) => line.name === name);
      const meant = calls
        .filter(({ at }) => at > from - HOUR && at < to)
        .filter(({ teamIds }) => teamIds ?? !query.includes('team'));
      expect([said?.calls ?? 0, said?.creditsMicro ?? 0, said?.images ?? 0]).toEqual([
        meant.length,
        sumOf(meant, 'credits'),
        sumOf(meant, 'images'),
      ]);
    }),
    { numRuns: tries(100, 1000) },
  );
});

test('lesson 15: months that are old and rolled up are dropped, with their sums kept; others stay', async () => {
  const person = await core.person();
  const yearAgo = new Date();
  yearAgo.setUTCMonth(yearAgo.getUTCMonth() - 12, 15);
  await forgetRollUps(yearAgo.getTime() - 20 * 24 * HOUR);
  await addCalls([{ userId: person.id, at: yearAgo.getTime(), credits: 33 }]);
  const partitions = async () =>
    (
      await core.sql(
        "SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent = 'core.usage_logs'::regclass",
      )
    ).length;
  const before = await partitions();
  await core.sql('SELECT core.drop_usage_older_than(200)');
  expect(await partitions()).toBe(before); // not rolled up yet
  await rollUp();
  const [row] = await core.sql('SELECT core.drop_usage_older_than(200) AS dropped');
  expect([row?.['dropped'], await partitions()]).toEqual([1, before - 1]);
  const from = new Date(yearAgo.getTime() - HOUR).toISOString();
  expect(await costs(person, `by=model&from=${from}`)).toEqual({ 'gpt-4o': 33 });
  const month = new Date(beginOf('month', yearAgo.getTime(), 0)).toISOString();
  expect(await costs(person, `by=user&from=${month}`)).toEqual({ [person.id]: 33 });
  await expect(core.sql('SELECT core.drop_usage_older_than(0)')).rejects.toThrow('a day at least');
});

describe('rows', () => {
  test('are filtered by model, key, ending and time', async () => {
    const person = await core.person();
    const key = randomUUID();
    const at = Date.now() - HOUR;
    await addCalls([
      { userId: person.id, at, model: 'a', credits: 1 },
      { userId: person.id, at: at + 1000, model: 'b', keyId: key, credits: 2 },
      { userId: person.id, at: at + 2000, model: 'b', status: 'client-closed', credits: 3 },
    ]);
    const found = async (query: string) =>
      usageContract.listUsage.success.schema
        .parse((await person.ask('GET', `${USAGE}/logs?${query}`)).body)
        .items.map(({ creditsMicro }) => creditsMicro);
    expect(await found('')).toEqual([3, 2, 1]);
    expect(await found('model=b')).toEqual([3, 2]);
    expect(await found(`keyId=${key}`)).toEqual([2]);
    expect(await found('status=client-closed&model=b')).toEqual([3]);
    expect(await found(`from=${new Date(at + 1000).toISOString()}`)).toEqual([3, 2]);
    expect(await found(`to=${new Date(at + 1000).toISOString()}`)).toEqual([1]);
    const first = await person.ask('GET', `${USAGE}/logs?limit=1&model=b`);
    expect(await found(`model=b&cursor=${String(first.body['nextCursor'])}`)).toEqual([2]);
  });

  test('tell how many images they made, listed and exported', async () => {
    const person = await core.person();
    const [drawn, said] = [randomUUID(), randomUUID()];
    const held = { userId: person.id, minMicro: 10, maxMicro: 10 };
    await core.internal('/credits/reserve', { items: [drawn, said].map((holdId) => ({ holdId, ...held })) });
    const { images: _none, ...before } = settlement(said, person.id, 5); // as a process of the version before tells it
    const items = [{ ...settlement(drawn, person.id, 10), images: 3 }, before];
    await core.internal('/credits/settle', { items });
    const listed = usageContract.listUsage.success.schema.parse(
      (await person.ask('GET', `${USAGE}/logs`)).body,
    );
    const images = (rows: { creditsMicro: unknown; images: unknown }[]) =>
      Object.fromEntries(rows.map((row) => [Number(row.creditsMicro), Number(row.images)]));
    expect(images(listed.items)).toEqual({ 10: 3, 5: 0 });
    const { payload } = await core.app.inject({
      url: `${USAGE}/export`,
      headers: { authorization: `Bearer ${person.token}` },
    });
    expect(images(parse(payload, { columns: true }))).toEqual({ 10: 3, 5: 0 });
  });

  test('are exported as a stream, all of them, also where many were made in one moment', async () => {
    const person = await core.person();
    const at = Date.now() - HOUR;
    await addCalls(
      Array.from({ length: 4500 }, (_, n) => ({
        userId: person.id,
        at: at + Math.floor(n / 900),
        credits: n,
      })),
    );
    const { payload, headers } = await core.app.inject({
      url: `${USAGE}/export`,
      headers: { authorization: `Bearer ${person.token}` },
    });
    expect(headers['content-disposition']).toBe('attachment; filename="usage.csv"');
    const rows = parse<{ creditsMicro: string; id: string }>(payload, { columns: true });
    expect(new Set(rows.map(({ id }) => id)).size).toBe(4500);
    expect(new Set(rows.map(({ creditsMicro }) => Number(creditsMicro)))).toEqual(
      new Set(Array.from({ length: 4500 }, (_, n) => n)),
    );
  });
});
