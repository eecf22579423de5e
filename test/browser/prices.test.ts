import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { administratorAt, field, press, said, signUp } from './steps.ts';
import { arrived, expectAccessible, fill, type Look, LOOKS, type Visit, visitors } from './visit.ts';

const visit = visitors();

/** A price in one of the tables. */
const rowIn = ({ page }: Visit, table: string, model: string) =>
  page.getByRole('table', { name: table, exact: true }).getByRole('row').filter({ hasText: model });

const onPrices = async (look: Look) => administratorAt(await visit(look), '/admin/prices');

const newModel = () => `test/${randomUUID()}`;

const csv = (...lines: string[]) => ({
  ...{ name: 'prices.csv', mimeType: 'text/csv' },
  buffer: Buffer.from(
    ['model,inputMicroPerMillion,outputMicroPerMillion,unitMicro,effectiveAt', ...lines].join('\r\n'),
  ),
});

/** Fills in the form that is open, and sends it. */
async function submit(
  { page, words }: Visit,
  typed: Partial<Record<'model' | 'input' | 'unit' | 'from', string>>,
) {
  const { form } = words.prices;
  const dialog = page.getByRole('dialog');
  const labels = { model: words.prices.model, input: form.input, unit: form.unit, from: form.from };
  for (const [name, label] of Object.entries(labels)) {
    const value = new Map(Object.entries(typed)).get(name);
    if (value !== undefined) await field(dialog, label).fill(value);
  }
  await press(dialog, form.submit);
}

describe.each(LOOKS)('in $language, $theme, $width wide', (look) => {
  it('an administrator sets a price, one that is to come, and takes that back', async () => {
    const administrator = await onPrices(look);
    const { page, words } = administrator;
    const { form, withdraw, inForce, toCome } = words.prices;
    const dialog = page.getByRole('dialog');
    const model = newModel();
    await expectAccessible(administrator, 'prices');

    await press(page, words.prices.set);
    await submit(administrator, { model });
    await dialog.getByText(words.forms.errors.required).waitFor(); // nothing typed is not "free"
    await expectAccessible(administrator, 'a price with a mistake');
    await submit(administrator, { input: '0.0125', from: '2020-01-01T00:00' });
    await dialog.getByRole('alert').getByText(form.past).waitFor();
    await submit(administrator, { from: '' });
    await said(administrator, fill(words.prices.done, { model }));
    expect(await rowIn(administrator, inForce, model).innerText()).toContain('12.50');

    await press(page, words.prices.set);
    await submit(administrator, { model, unit: '3', from: '2101-02-03T04:05' });
    await dialog.waitFor({ state: 'hidden' });
    expect(await rowIn(administrator, toCome, model).innerText()).toContain('3.00');
    await expectAccessible(administrator, 'a price to come');
    await press(page, fill(words.prices.historyNamed, { model }));
    const entries = dialog.getByRole('list', { name: words.prices.history }).getByRole('listitem');
    await arrived(administrator);
    expect(await entries.count()).toBe(2);
    await entries.first().getByText(words.prices.states['to-come'], { exact: true }).waitFor();
    await expectAccessible(administrator, 'the history of a price');
    await page.keyboard.press('Escape');

    await rowIn(administrator, toCome, model).getByRole('button').click();
    await dialog.getByText(withdraw.title).waitFor();
    await expectAccessible(administrator, 'a price before it is taken back');
    await press(dialog, withdraw.confirm);
    await said(administrator, fill(withdraw.done, { model }));
    expect(await rowIn(administrator, toCome, model).count()).toBe(0);
    expect(administrator.complaints).toEqual([]);
    await administrator.context.close();
  });

  it('prices are saved as CSV, and imported once every line is right', async () => {
    const administrator = await onPrices(look);
    const { page, words } = administrator;
    const { imports } = words.prices;
    const dialog = page.getByRole('dialog');
    const model = newModel();
    await press(page, imports.open);
    const file = field(dialog, words.imports.choose);
    await file.setInputFiles(
      csv(`${model},1000000,2000000,0,`, 'tool:x,0,0,much,', `${model}-2,1,1,0,2020-01-01T00:00:00Z`),
    );
    await dialog.getByText(fill(words.imports.wrong, { lines: '3', wrong: '2' })).waitFor();
    await dialog.getByText(imports.outcomes['in-the-past']).waitFor();
    await expectAccessible(administrator, 'prices with wrong lines');
    expect(await dialog.getByRole('button', { name: imports.apply }).count()).toBe(0);
    await file.setInputFiles(csv(`${model},1000000,2000000,0,`));
    await press(dialog, imports.apply);
    await said(administrator, imports.applied);
    await expectAccessible(administrator, 'prices that were imported');
    await press(dialog, words.imports.done);
    expect(await rowIn(administrator, words.prices.inForce, model).count()).toBe(1);
    const saving = page.waitForEvent('download');
    await press(page, words.prices.export);
    const download = await saving;
    expect(download.suggestedFilename()).toBe('prices.csv');
    expect(await readFile(await download.path(), 'utf8')).toContain(`\r\n${model},1000000,2000000,0,\r\n`);
    expect(administrator.complaints).toEqual([]);
    await administrator.context.close();
  });
});

it('somebody without the permission sees no page of prices', async () => {
  const person = await visit();
  const { page, words, context } = person;
  await signUp(person, { at: '/admin/prices' });
  await page.getByRole('heading', { level: 1, name: words.shell.notFound.title }).waitFor();
  expect(await page.getByRole('link', { name: words.shell.nav.prices }).count()).toBe(0);
  await context.close();
});
