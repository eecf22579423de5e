import { randomUUID } from 'node:crypto';
import { pricesContract } from '@smart-ai-hub/shared/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { settlement, startCore } from '../core.fixture.ts';

let core: Awaited<ReturnType<typeof startCore>>;
let admin: Awaited<ReturnType<typeof core.person>>;
beforeAll(async () => {
  core = await startCore();
  admin = await core.person(['admin']);
});
afterAll(() => core[Symbol.asyncDispose]());

const PRICES = '/api/v1/prices';
const name = () => `model-${randomUUID().slice(0, 8)}`;
const inDays = (days: number) => new Date(Date.now() + days * 24 * 3600 * 1000).toISOString();
const set = (model: string, inputMicroPerMillion: number, effectiveAt?: string) =>
  admin.ask('POST', PRICES, { model, inputMicroPerMillion, ...(effectiveAt && { effectiveAt }) });
const { listPrices, listPriceHistory, importPrices } = pricesContract;
const inForce = async (model: string) =>
  listPrices.success.schema
    .parse((await admin.ask('GET', PRICES)).body)
    .items.find((one) => one.model === model);
const history = async (model: string) =>
  listPriceHistory.success.schema.parse((await admin.ask('GET', `${PRICES}/history?model=${model}`)).body)
    .items;
const upload = async (csv: string, dryRun = false) =>
  importPrices.success.schema.parse((await admin.ask('POST', `${PRICES}/import`, { csv, dryRun })).body);

describe('a price', () => {
  test('holds at once, or from its date on; what was before is history', async () => {
    const model = name();
    expect(await set(model, 1)).toMatchObject({ status: 201, body: { state: 'in-force', unitMicro: 0 } });
    expect(await set(model, 2)).toMatchObject({ status: 201 });
    expect(await set(model, 3, inDays(7))).toMatchObject({ status: 201, body: { state: 'to-come' } });
    expect(await inForce(model)).toMatchObject({ inputMicroPerMillion: 2 });
    expect(
      (await history(model)).map(({ inputMicroPerMillion, state }) => [inputMicroPerMillion, state]),
    ).toEqual([
      [3, 'to-come'],
      [2, 'in-force'],
      [1, 'past'],
    ]);
    expect(
      await core.sql("SELECT after FROM audit.events WHERE action = 'price.set' AND after->>'model' = $1", [
        model,
      ]),
    ).toHaveLength(3);
  });

  test('of the past is refused, as are two of one date', async () => {
    const model = name();
    expect((await set(model, 1, inDays(-1))).body).toMatchObject({ code: 'price-in-force' });
    const date = inDays(3);
    const answers = await Promise.all([1, 2, 3].map((price) => set(model, price, date)));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
    expect((await set(model, 9, date)).body).toMatchObject({ code: 'price-dated' });
    expect(await history(model)).toHaveLength(1);
  });

  test('is taken back while it is still to come, and never afterwards, not even by the service’s own role', async () => {
    const model = name();
    await set(model, 1);
    const later = await set(model, 2, inDays(1));
    const remove = (id: unknown) => admin.ask('DELETE', `${PRICES}/${String(id)}`);
    expect((await remove(later.body['id'])).status).toBe(204);
    expect((await remove(later.body['id'])).status).toBe(404);
    const [left] = await history(model);
    expect((await remove(left?.id)).body).toMatchObject({ code: 'price-in-force' });
    for (const change of ['DELETE FROM core.model_prices', 'UPDATE core.model_prices SET unit_micro = 1'])
      await expect(core.sql(`${change} WHERE id = $1`, [left?.id])).rejects.toThrow(/stays|never changed/);
  });

  test('lesson 7: of a call stays the one that its usage row names', async () => {
    const model = name();
    await set(model, 1);
    const priceId = (await inForce(model))?.id ?? '';
    const person = await core.person();
    const holdId = randomUUID();
    const items = [{ holdId, userId: person.id, minMicro: 5, maxMicro: 5 }];
    await core.internal('/credits/reserve', { items });
    await core.internal('/credits/settle', {
      items: [{ ...settlement(holdId, person.id, 5), model, priceId }],
    });
    await set(model, 2);
    expect(
      await core.sql(
        'SELECT p.input_micro_per_million::int AS price FROM core.usage_logs u JOIN core.model_prices p ON p.id = u.price_id WHERE u.user_id = $1',
        [person.id],
      ),
    ).toEqual([{ price: 1 }]);
  });

  test.each([
    { model: '' },
    { model: 'a*b' },
    { model: 'a b' },
    { model: 'x'.repeat(300) },
    { model: 'm', inputMicroPerMillion: -1 },
    { model: 'm', inputMicroPerMillion: 0.5 },
    { model: 'm', unitMicro: 1e13 },
    { model: 'm', unitMicro: '5' },
    { model: 'm', effectiveAt: 'tomorrow' },
    { model: 'm', effectiveAt: '2026-02-30T00:00:00Z' },
    { model: 'm', createdBy: randomUUID() },
  ])('is not %o', async (body) => {
    expect(await admin.ask('POST', PRICES, body)).toMatchObject({
      status: 400,
      body: { code: 'invalid-request' },
    });
  });

  test('is set by who configures services, and by nobody else', async () => {
    const person = await core.person();
    for (const [method, path] of [
      ['POST', PRICES],
      ['POST', `${PRICES}/import`],
      ['DELETE', `${PRICES}/${randomUUID()}`],
      ['GET', `${PRICES}/history`],
      ['GET', `${PRICES}/export`],
    ] as const)
      expect(
        (await person.ask(method, path, method === 'POST' ? { model: 'm', csv: '' } : undefined)).status,
      ).toBe(403);
  });
});

test('month ends and years that leap are dates like any other, read as their offset says', async () => {
  const model = name();
  const dates = ['2028-02-29T23:59:59Z', '2027-12-31T23:30:00-01:00', '2027-03-31T00:30:00+07:00'];
  for (const date of dates) expect((await set(model, 1, date)).status).toBe(201);
  expect((await history(model)).map(({ effectiveAt }) => effectiveAt)).toEqual([
    '2028-02-29T23:59:59.000Z',
    '2028-01-01T00:30:00.000Z',
    '2027-03-30T17:30:00.000Z',
  ]);
});

describe('a file of prices', () => {
  const HEADING = 'model,inputMicroPerMillion,outputMicroPerMillion,unitMicro,effectiveAt';
  const csvOf = (...rows: string[]) => [HEADING, ...rows].join('\r\n');

  test('is set as a whole; a dry run says the same and writes nothing', async () => {
    const [one, other] = [name(), name()];
    const csv = csvOf(`${one},1000,2000,0,`, `${other}*,0,0,50000000,${inDays(2)}`);
    expect(await upload(csv, true)).toMatchObject({
      applied: false,
      lines: [{ outcome: 'set' }, { outcome: 'set' }],
    });
    expect(await inForce(one)).toBeUndefined();
    expect(await upload(csv)).toMatchObject({ applied: true });
    expect(await inForce(one)).toMatchObject({ inputMicroPerMillion: 1000, outputMicroPerMillion: 2000 });
    expect(await history(`${other}*`)).toMatchObject([{ unitMicro: 50_000_000, state: 'to-come' }]);
    expect(await upload(csv)).toMatchObject({
      applied: false,
      lines: [{ outcome: 'set' }, { outcome: 'same-date' }],
    });
  });

  test('with one wrong line is not set at all', async () => {
    const good = name();
    const outcomes = async (row: string) => {
      const { applied, lines } = await upload(csvOf(`${good},1,1,0,`, row));
      expect([applied, await inForce(good)]).toEqual([false, undefined]);
      return lines[1]?.outcome;
    };
    expect(await outcomes('m,1,1')).toBe('malformed');
    expect(await outcomes('m,-1,1,0,')).toBe('malformed');
    expect(await outcomes('m,1.5,1,0,')).toBe('malformed');
    expect(await outcomes('a b,1,1,0,')).toBe('malformed');
    expect(await outcomes('m,1,1,0,soon')).toBe('malformed');
    expect(await outcomes(`m,1,1,0,${inDays(-1)}`)).toBe('in-the-past');
    expect(await outcomes(`${good},1,1,0,`)).toBe('same-date');
  });

  test('is what an export gives', async () => {
    await set(name(), 7, inDays(1));
    const { payload } = await core.app.inject({
      url: `${PRICES}/export`,
      headers: { authorization: `Bearer ${admin.token}` },
    });
    const { lines } = await upload(payload, true);
    expect(lines.length).toBeGreaterThan(20);
    expect(new Set(lines.map(({ outcome }) => outcome))).toEqual(new Set(['set', 'same-date']));
  });

  test('of thousands of lines is set at once', async () => {
    const prefix = name();
    const csv = csvOf(...Array.from({ length: 5000 }, (_, n) => `${prefix}-${n},1,1,0,`));
    expect(await upload(csv)).toMatchObject({ applied: true });
    expect(await inForce(`${prefix}-4999`)).toMatchObject({ inputMicroPerMillion: 1 });
  });
});
