import { randomUUID } from 'node:crypto';
import { expect, inject, test } from 'vitest';
import { type Connection, connectTo, emptyDatabase, migratedDatabase } from './database.fixture.ts';
import { migrate, readMigrations } from './migrate.ts';

const PERSON = randomUUID();
const TEAM = randomUUID();

/** Adds to a day, of a person and of a team, as the roll-up does. */
async function addToDay({ query }: Connection, day: string, calls: number): Promise<void> {
  const added = ['calls', 'failed', 'prompt_tokens', 'completion_tokens', 'credits'];
  const change = added.map((name) => `${name} = old.${name} + EXCLUDED.${name}`).join(', ');
  const counts = [1, 2, 3, 4, 5].map((times) => times * calls);
  await query(
    `INSERT INTO core.usage_days AS old VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (day, user_id) DO UPDATE SET ${change}`,
    [day, PERSON, ...counts],
  );
  await query(
    `INSERT INTO core.team_usage_days AS old VALUES ($8, $1, $2, $3, $4, $5, $6, $7) ON CONFLICT (team_id, day, user_id) DO UPDATE SET ${change}`,
    [day, PERSON, ...counts, TEAM],
  );
}

/** Every sum of a month; a team’s are those of its one person. */
async function monthsOf({ query }: Connection): Promise<Record<string, number[]>> {
  const sums = 'month::text, ARRAY[calls, failed, prompt_tokens, completion_tokens, credits]::int[] AS sums';
  interface Row {
    month: string;
    sums: number[];
  }
  const months = await query<Row>(`SELECT ${sums} FROM core.usage_months WHERE user_id = $1`, [PERSON]);
  const ofTeam = await query<Row>(
    `SELECT ${sums} FROM core.team_usage_months WHERE user_id = $1 AND team_id = $2`,
    [PERSON, TEAM],
  );
  expect(new Set(ofTeam.map((row) => JSON.stringify(row)))).toEqual(
    new Set(months.map((row) => JSON.stringify(row))),
  );
  return Object.fromEntries(months.map(({ month, sums }) => [month, sums]));
}

test('a month has what its days have, whichever version adds to them, by whatever clock', async () => {
  await using database = await migratedDatabase();
  await using core = await connectTo(database.coreUrl);
  for (const zone of ['UTC', 'America/Los_Angeles', 'Asia/Bangkok']) {
    await core.query(`SET TimeZone = '${zone}'`);
    await addToDay(core, '2026-02-01', 1);
    await addToDay(core, '2026-02-28', 10);
    await addToDay(core, '2026-02-28', 100);
    await addToDay(core, '2026-03-01', 1000);
  }
  expect(await monthsOf(core)).toEqual({
    '2026-02-01': [333, 666, 999, 1332, 1665],
    '2026-03-01': [3000, 6000, 9000, 12_000, 15_000],
  });
});

test('days that were there before months were are in them', async () => {
  await using database = await emptyDatabase();
  const { passwords } = inject('postgres');
  const shipped = readMigrations();
  const before = shipped.filter(({ name }) => name < '20261123130000_usage_months');
  await migrate({ url: database.ownerUrl, passwords, migrations: before });
  await using core = await connectTo(database.coreUrl);
  await addToDay(core, '2026-01-31', 1);
  await addToDay(core, '2026-02-01', 10);
  await addToDay(core, '2026-02-28', 100);
  await migrate({ url: database.ownerUrl, passwords, migrations: shipped });
  await addToDay(core, '2026-02-28', 1000);
  expect(await monthsOf(core)).toEqual({
    '2026-01-01': [1, 2, 3, 4, 5],
    '2026-02-01': [1110, 2220, 3330, 4440, 5550],
  });
});
