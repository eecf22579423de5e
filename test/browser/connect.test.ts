import { describe, expect, it } from 'vitest';
import { NO_KEY } from '../../packages/frontend/src/connect/setups.ts';
import { goTo, signUp } from './steps.ts';
import { expectAccessible, fill, hubUrl, LOOKS, visitors } from './visit.ts';

const visit = visitors();

describe.each(LOOKS)('in $language, $theme, $width wide', (look) => {
  it('a person makes a key among the set-ups, and copies one that holds it', async () => {
    const person = await visit(look);
    const { page, words } = person;
    await signUp(person, { at: '/connect' });
    const curl = page.getByRole('region', { name: 'curl' });
    expect(await curl.innerText()).toContain(NO_KEY);
    expect(await curl.innerText()).toContain(`${hubUrl()}/v1/chat/completions`);
    await expectAccessible(person, 'set-ups without a key');

    await page.getByRole('button', { name: words.connect.key.make }).click();
    await page.getByLabel(words.keys.form.name).fill('laptop');
    await page.getByRole('dialog').getByRole('button', { name: words.keys.form.submit }).click();
    const key = await page.getByLabel(words.keys.made.label).innerText();
    await page.getByRole('button', { name: words.keys.made.done }).click();
    await page.getByText(words.connect.key.known).waitFor();
    await page.getByLabel(words.connect.model).selectOption('hub/echo');

    // by keyboard: from family to family, and into what it holds
    await page.getByRole('tab', { name: words.connect.families.openai.name }).focus();
    for (const family of ['anthropic', 'agents', 'mcp'] as const) {
      await page.keyboard.press('ArrowRight');
      await page.getByRole('tabpanel', { name: words.connect.families[family].name }).waitFor();
      await expectAccessible(person, `set-ups of ${family}`);
    }
    const name = fill(words.connect.copyNamed, { name: `Cursor, ~/.cursor/mcp.json` });
    await page.getByRole('button', { name, exact: true }).press('Enter');
    await page.getByRole('button', { name: words.shell.copy.copied }).waitFor();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    expect(JSON.parse(copied)).toEqual({
      mcpServers: { hub: { url: `${hubUrl()}/mcp`, headers: { Authorization: `Bearer ${key}` } } },
    });

    await goTo(person, 'keys');
    await page.getByText('laptop').waitFor();
    await goTo(person, 'connect');
    expect(await page.content()).not.toContain(key);
    expect(person.complaints).toEqual([]);
    await person.context.close();
  });
});
