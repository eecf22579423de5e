import { randomUUID } from 'node:crypto';
import { teamsContract, usageContract } from '@smart-ai-hub/shared/contracts';
import { describe, expect, it } from 'vitest';
import { administratorAt, ask, asAdministrator, goTo, signUp } from './steps.ts';
import { expectAccessible, LOOKS, type Visit, visitors } from './visit.ts';

const visit = visitors();

/** A new team of these people; answers its name. */
async function newTeam({ context: { request } }: Visit, ...userIds: string[]): Promise<string> {
  const headers = await asAdministrator(request);
  const name = `Team ${randomUUID()}`;
  const made = await request.post('/api/v1/teams', { headers, data: { name } });
  const { id } = teamsContract.createTeam.success.schema.parse(await made.json());
  for (const userId of userIds) {
    const added = await request.put(`/api/v1/teams/${id}/members/${userId}`, { headers });
    expect(added.status()).toBe(204);
  }
  return name;
}

const table = ({ page }: Visit, name: string) => page.getByRole('table', { name, exact: true });

/** Looks again, as if each line had made so many images: no model here makes any. */
async function withImages({ page }: Visit, images: number): Promise<void> {
  await page.route('**/api/v1/usage/summary?*', async (route) => {
    const answer = await route.fetch();
    const { items } = usageContract.usageSummary.success.schema.parse(await answer.json());
    await route.fulfill({ response: answer, json: { items: items.map((line) => ({ ...line, images })) } });
  });
  await page.reload();
}

describe.each(LOOKS)('in $language, $theme, $width wide', (look) => {
  it('usage is added up by team, and whoever reaches others chooses whose', async () => {
    const person = await visit(look);
    const { words } = person;
    const { summary } = words.usage;
    const { userId } = await signUp(person);
    const [name, empty] = [await newTeam(person, userId), await newTeam(person)];
    await goTo(person, 'chat');
    await ask(person, 'for whom is this');
    await goTo(person, 'usage');
    await table(person, summary.byTeam).getByText(name).waitFor();
    expect(await person.page.getByLabel(summary.whose).count()).toBe(0);
    await expectAccessible(person, 'usage by team');
    expect(await person.page.getByText(summary.images, { exact: true }).count()).toBe(0);
    await withImages(person, 1234);
    const made = person.page.getByRole('definition').filter({ hasText: /^1,234$/ });
    await made.waitFor();
    const images = words.usage.images.replace('{{images}}', '1,234');
    await table(person, summary.byModel).getByText(images).waitFor();
    await expectAccessible(person, 'usage with images');
    expect(person.complaints).toEqual([]);
    await person.context.close();

    const administrator = await administratorAt(await visit(look), '/usage');
    const { page } = administrator;
    const whose = page.getByLabel(summary.whose, { exact: true });
    await whose.selectOption('reach');
    await table(administrator, summary.byTeam).getByText(name).waitFor();
    expect(await table(administrator, summary.byKey).count()).toBe(0);
    await expectAccessible(administrator, 'usage of everybody');
    await whose.selectOption({ label: name });
    const calls = table(administrator, summary.byModel).getByRole('row').filter({ hasText: 'hub/echo' });
    await calls.getByRole('cell').nth(1).filter({ hasText: /^1$/ }).waitFor();
    expect(await table(administrator, summary.byTeam).count()).toBe(0);
    await expectAccessible(administrator, 'usage of a team');
    await whose.selectOption({ label: empty });
    await page.getByText(summary.none).waitFor();
    await expectAccessible(administrator, 'a team without usage');
    expect(administrator.complaints).toEqual([]);
    await administrator.context.close();
  });
});
