import { randomUUID } from 'node:crypto';
import { expect, inject, test } from 'vitest';
import { type Connection, connectTo, emptyDatabase, migratedDatabase } from './database.fixture.ts';
import { migrate, readMigrations } from './migrate.ts';

const PERSON = randomUUID();
const TEAM = randomUUID();

const COUNTS = ['calls', 'failed', 'prompt_tokens', 'completion_tokens', 'credits', 'images'];
/** What versions knew that counted no images. */
const BEFORE_IMAGES = 5;

/** Adds to a day, of a person and of a team, as the roll-up does. */
async function addToDay(
  { query }: Connection,
  day: string,
  calls: number,
  counted = COUNTS.length,
): Promise<void> {
  const added = COUNTS.slice(0, counted);
  const change = added.map((name) => `${name} = old.${name} + EXCLUDED.${name}`).join(', ');
  const counts = added.map((_, n) => (n + 1) * calls);
  const names = added.join(', ');
  const values = added.map((_, n) => `$${n + 3}`).join(', ');
  await query(
    `INSERT INTO core.usage_days AS old (day, user_id, ${names}) VALUES ($1, $2, ${values}) ON CONFLICT (day, user_id) DO UPDATE SET ${change}`,
    [day, PERSON, ...counts],
  );
  await query(
    `INSERT INTO core.team_usage_days AS old (day, user_id, ${names}, team_id) VALUES ($1, $2, ${values}, $${counts.length + 3}) ON CONFLICT (team_id, day, user_id) DO UPDATE SET ${change}`,
    [day, PERSON, ...counts, TEAM],
  );
}

/** Every sum of a month; a team’s are those of its one person. */
async function monthsOf({ query }: Connection): Promise<Record<string, number[]>> {
  const sums = `month::text, ARRAY[${COUNTS.join(', ')}]::int[] AS sums`;
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
    await addToDay(core, '2026-02-28', 100, BEFORE_IMAGES);
    await addToDay(core, '2026-03-01', 1000);
  }
  expect(await monthsOf(core)).toEqual({
    '2026-02-01': [333, 666, 999, 1332, 1665, 198],
    '2026-03-01': [3000, 6000, 9000, 12_000, 15_000, 18_000],
  });
});

test('days that were there before months were are in them', async () => {
  await using database = await emptyDatabase();
  const { passwords } = inject('postgres');
  const shipped = readMigrations();
  const before = shipped.filter(({ name }) => name < '20261123130000_usage_months');
  await migrate({ url: database.ownerUrl, passwords, migrations: before });
  await using core = await connectTo(database.coreUrl);
  await addToDay(core, '2026-01-31', 1, BEFORE_IMAGES);
  await addToDay(core, '2026-02-01', 10, BEFORE_IMAGES);
  await addToDay(core, '2026-02-28', 100, BEFORE_IMAGES);
  await migrate({ url: database.ownerUrl, passwords, migrations: shipped });
  await addToDay(core, '2026-02-28', 1000);
  expect(await monthsOf(core)).toEqual({
    '2026-01-01': [1, 2, 3, 4, 5, 0],
    '2026-02-01': [1110, 2220, 3330, 4440, 5550, 6000],
  });
});
