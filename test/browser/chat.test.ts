import { conversationsContract } from '@smart-ai-hub/shared/contracts';
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { ask, signUp } from './steps.ts';
import { expectAccessible, fill, LOOKS, type Visit, visitors } from './visit.ts';

const visit = visitors();

const MARKDOWN = `Look:

## Steps
Use **this** and [a link](https://example.com), not [this](javascript:alert(1)):
\`\`\`js
const answer = 42;
\`\`\`
| one | two |
| --- | --- |
| 1 | 2 |

<img src=x onerror=alert(1)><script>alert(1)</script>
![a picture](https://example.com/track.png)`;

/** The list, which is behind a button on narrow screens. */
async function openList({ page, words, look }: Visit): Promise<void> {
  if (look.width < 1024) await page.getByRole('button', { name: words.chat.list.open, exact: true }).click();
  await page.getByRole('searchbox', { name: words.chat.list.search }).waitFor();
}
const shut = async ({ page, look }: Visit) => {
  if (look.width < 1024) await page.keyboard.press('Escape');
};
const list = ({ page, words }: Visit) => page.getByRole('navigation', { name: words.chat.list.label });
const button = ({ page }: Visit, name: string) => page.getByRole('button', { name, exact: true });
const thread = ({ page }: Visit) => page.getByRole('log');

describe.each(LOOKS)('in $language, $theme, $width wide', (look) => {
  it('a conversation is kept, asked again, found, renamed, saved as a file and deleted', async () => {
    const person = await visit(look);
    const { page, words } = person;
    const { list: said, rename, delete: remove, asking, edit } = words.chat;
    const outside: string[] = [];
    page.on('request', (request) => request.url().includes('example.com') && outside.push(request.url()));
    await signUp(person, { at: '/chat' });
    await ask(person, MARKDOWN);
    const answer = thread(person).locator('.model-text').first();
    await answer.getByRole('heading', { name: 'Steps' }).waitFor();
    expect(
      await answer.getByRole('link').evaluateAll((links) => links.map((link) => link.getAttribute('href'))),
    ).toEqual(['https://example.com', '', 'https://example.com/track.png']);
    expect(await answer.locator('img, script').count()).toBe(0);
    await button(person, words.chat.copyCode).press('Enter');
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('const answer = 42;');
    await expectAccessible(person, 'an answer in Markdown');

    await ask(person, 'second question');
    await button(person, edit.open).click();
    await page.getByLabel(edit.label, { exact: true }).fill('third question');
    await expectAccessible(person, 'a question in other words');
    await button(person, edit.send).click();
    await page.getByText('You said: third question').waitFor();
    expect(await page.getByText('You said: second question').count()).toBe(0);
    await page.locator('[data-charge=charged]').nth(1).waitFor();

    await button(person, asking.open).click();
    await page.getByLabel(asking.system).fill('Be brief.');
    await page.getByLabel(asking.temperature).fill('3');
    await button(person, asking.save).click();
    await page.getByLabel(asking.temperature).and(page.locator('[aria-invalid=true]')).waitFor();
    await page.getByLabel(asking.temperature).fill('0.5');
    await expectAccessible(person, 'the settings of a conversation');
    await button(person, asking.save).click();
    await page.getByRole('dialog', { name: asking.title }).waitFor({ state: 'hidden' });

    // as another visit finds it: the address has the conversation, with its receipts
    await page.reload();
    await page.getByText('You said: third question').waitFor();
    await page.locator('[data-charge=charged]').nth(1).waitFor();
    expect(await page.locator('[data-charge=charged]').count()).toBe(2);
    const sent = page.waitForRequest('**/v1/chat/completions');
    await button(person, words.chat.again).click();
    const body: unknown = (await sent).postDataJSON();
    expect(body).toMatchObject({
      temperature: 0.5,
      messages: { 0: { role: 'system', content: 'Be brief.' } },
    });
    await page.locator('[data-charge=charged]').nth(1).waitFor();

    await openList(person);
    await list(person).getByRole('link').first().waitFor();
    await expectAccessible(person, 'the list of conversations');
    const title = await list(person).getByRole('link').innerText();
    await page.getByRole('button', { name: fill(said.actions, { title }) }).click();
    await page.getByRole('menuitem', { name: said.rename }).click();
    await page.getByLabel(rename.name, { exact: true }).fill('Kept for later');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: rename.title }).waitFor({ state: 'hidden' });
    await openList(person);
    await list(person).getByRole('link', { name: 'Kept for later' }).waitFor();
    await page.getByRole('searchbox').fill('nothing like it');
    await list(person).getByText(said.noMatch).waitFor();
    await page.getByRole('searchbox').fill('LATER');
    await list(person).getByRole('link', { name: 'Kept for later' }).waitFor();
    const [file] = await Promise.all([page.waitForEvent('download'), button(person, said.download).click()]);
    expect(await readFile(await file.path(), 'utf8')).toContain('third question');

    await page.getByRole('button', { name: fill(said.actions, { title: 'Kept for later' }) }).click();
    await page.getByRole('menuitem', { name: said.delete }).click();
    await expectAccessible(person, 'the question whether to delete a conversation');
    await page.getByRole('button', { name: remove.confirm, exact: true }).click();
    await page.getByText(words.chat.empty).waitFor();
    await openList(person);
    await page.getByRole('searchbox').fill('');
    await list(person).getByText(said.empty).waitFor();
    await shut(person);
    expect(outside).toEqual([]);
    expect(person.complaints).toEqual([]);
    await person.context.close();
  });
});

it('a page that goes away leaves its question, and a long conversation is shown at its end at once', async () => {
  const person = await visit();
  const { page, words, context } = person;
  const { accessToken } = await signUp(person, { at: '/chat' });
  await page.route('**/v1/chat/completions', () => undefined, { times: 1 });
  const asked = page.waitForRequest('**/v1/chat/completions');
  await page.getByLabel(words.chat.message, { exact: true }).fill('Is anybody there?');
  await page.keyboard.press('Enter');
  await asked;
  await page.waitForURL('**/chat?id=*');
  await page.getByText(words.chat.waiting).waitFor();
  await list(person).getByRole('link').waitFor();
  await page.reload();
  await page.getByText(words.chat.unanswered).waitFor();
  await button(person, words.chat.again).click();
  await page.getByText('You said: Is anybody there?').waitFor();

  const headers = { authorization: `Bearer ${accessToken}` };
  const post = async (path: string, data: object): Promise<unknown> =>
    (await context.request.post(`/api/v1/conversations${path}`, { headers, data })).json();
  const { id } = conversationsContract.createConversation.success.schema.parse(
    await post('', { title: 'Long', model: 'hub/echo' }),
  );
  let newest: string | null = null;
  for (let call = 0; call < 25; call += 1) {
    const messages = Array.from({ length: 20 }, (_, at) => ({
      role: at % 2 === 0 ? 'user' : 'assistant',
      content: `${call}.${at} ${'some **words** of it. '.repeat(60)}`,
    }));
    const answer = await post(`/${id}/messages`, { after: newest, seen: newest, messages });
    newest = conversationsContract.appendMessages.success.schema.parse(answer).items.at(-1)?.id ?? null;
  }
  await page.goto(`/chat?id=${id}`);
  await page.getByText('24.19 some').waitFor();
  await expect
    .poll(() => thread(person).evaluate((area) => area.scrollHeight - area.scrollTop - area.clientHeight), {
      timeout: 10_000,
    })
    .toBeLessThan(80);
  expect(person.complaints).toEqual([]);
  await person.context.close();
});
