import { randomUUID } from 'node:crypto';
import { openDatabase } from '@smart-ai-hub/database';
import { conversationsContract } from '@smart-ai-hub/shared/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { settlement, startCore } from '../core.fixture.ts';
import { forgetConversationsJob } from './forget-conversations.ts';

const PATH = '/api/v1/conversations';
const made = conversationsContract.createConversation.success.schema;
const appended = conversationsContract.appendMessages.success.schema;
const whole = conversationsContract.getConversation.success.schema;
const listed = conversationsContract.listConversations.success.schema;

let core: Awaited<ReturnType<typeof startCore>>;
type Person = Awaited<ReturnType<typeof core.person>>;
let ada: Person;
beforeAll(async () => {
  core = await startCore();
  ada = await core.person();
});
afterAll(() => core[Symbol.asyncDispose]());

const begin = async (person: Person, title = 'A title') => {
  const answer = await person.ask('POST', PATH, { title, model: 'hub/echo' });
  expect(answer.status).toBe(201);
  return made.parse(answer.body).id;
};
const user = (content: string) => ({ role: 'user', content });
const assistant = (content: string, more: object = {}) => ({ role: 'assistant', content, ...more });
const write = (
  person: Person,
  id: string,
  after: string | null,
  seen: string | null,
  ...messages: object[]
) => person.ask('POST', `${PATH}/${id}/messages`, { after, seen, messages });
const wrote = async (...args: Parameters<typeof write>) => {
  const answer = await write(...args);
  expect(answer.status).toBe(201);
  return appended.parse(answer.body).items.map(({ id }) => id);
};
const read = async (person: Person, id: string) =>
  whole.parse((await person.ask('GET', `${PATH}/${id}`)).body);
const said = async (person: Person, id: string) =>
  (await read(person, id)).messages.map(({ content }) => content);

describe('a conversation', () => {
  test('keeps what is written, in order, with how it is asked', async () => {
    const asked = { model: 'm', system: 'Be\nbrief.', temperature: 0.5, maxTokens: 7 };
    const { id } = made.parse((await ada.ask('POST', PATH, { title: 'Kept', ...asked })).body);
    const [question = ''] = await wrote(ada, id, null, null, user('One?'));
    await wrote(
      ada,
      id,
      question,
      question,
      assistant('1\n', { model: 'm', state: 'stopped', requestId: 'request-1' }),
    );
    const { conversation, messages } = await read(ada, id);
    expect(conversation).toMatchObject({ title: 'Kept', ...asked });
    expect(messages).toMatchObject([
      { role: 'user', content: 'One?', state: 'complete', model: null, receipt: null },
      {
        role: 'assistant',
        content: '1\n',
        state: 'stopped',
        model: 'm',
        requestId: 'request-1',
        receipt: null,
      },
    ]);
  });

  test('replaces what came after a message', async () => {
    const id = await begin(ada);
    const first = await wrote(ada, id, null, null, user('a'), assistant('b'), user('c'), assistant('d'));
    const [, b = '', , d = ''] = first;
    const [c2 = ''] = await wrote(ada, id, b, d, user('c2'));
    expect(await said(ada, id)).toEqual(['a', 'b', 'c2']);
    await wrote(ada, id, null, c2, user('anew'));
    expect(await said(ada, id)).toEqual(['anew']);
  });

  test('loses nothing that its writer has not seen', async () => {
    const id = await begin(ada);
    const [a = ''] = await wrote(ada, id, null, null, user('a'));
    await wrote(ada, id, a, a, assistant('b'));
    for (const [after, seen] of [
      [a, a],
      [null, null],
      [randomUUID(), a],
    ] as const) {
      expect((await write(ada, id, after, seen, user('late'))).body['code']).toBe('conversation-changed');
    }
    expect(await said(ada, id)).toEqual(['a', 'b']);
  });

  test('is written by one at a time', async () => {
    const id = await begin(ada);
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, at) => write(ada, id, null, null, user(String(at)))),
    );
    expect(answers.map(({ status }) => status).toSorted()).toEqual([
      201,
      ...Array.from({ length: 7 }, () => 409),
    ]);
    expect(await said(ada, id)).toHaveLength(1);
  });

  test('has at most 500 messages, and a million characters', async () => {
    const id = await begin(ada);
    let newest: string | null = null;
    for (let call = 0; call < 25; call += 1) {
      newest =
        (await wrote(ada, id, newest, newest, ...Array.from({ length: 20 }, () => user('x')))).at(-1) ?? null;
    }
    expect((await write(ada, id, newest, newest, user('one more'))).body['code']).toBe('conversation-full');
    const long = '😀'.repeat(50_000); // 100,000 in UTF-16, half as many characters
    newest = null;
    const other = await begin(ada);
    for (let call = 0; call < 20; call += 1) {
      newest = (await wrote(ada, other, newest, newest, user(long))).at(-1) ?? null;
    }
    expect((await write(ada, other, newest, newest, user('!'))).body['code']).toBe('conversation-full');
    expect((await write(ada, other, null, newest, user('!'))).status).toBe(201);
  });

  test.each([
    ['no message', []],
    ['another role', [{ role: 'system', content: 'x' }]],
    ['a zero byte', [user('a\0b')]],
    ['half of a character', [user('\ud83d')]],
    ['more than a message holds', [user('x'.repeat(100_001))]],
    ['more messages than a call takes', Array.from({ length: 21 }, () => user('x'))],
    ['an id of a request that is none', [assistant('x', { requestId: 'a b' })]],
  ])('refuses %s', async (_, messages) => {
    const answer = await write(ada, await begin(ada), null, null, ...messages);
    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid-request' } });
  });

  test('is renamed, asked otherwise, and forgotten', async () => {
    const id = await begin(ada);
    const before = (await read(ada, id)).conversation.updatedAt;
    const change = { title: 'New name', system: '', temperature: 2, maxTokens: null };
    expect((await ada.ask('PATCH', `${PATH}/${id}`, change)).body).toMatchObject({
      ...change,
      updatedAt: before,
    });
    expect((await ada.ask('PATCH', `${PATH}/${id}`, { title: ' ' })).status).toBe(400);
    expect((await ada.ask('PATCH', `${PATH}/${id}`, { temperature: 2.1 })).status).toBe(400);
    expect((await ada.ask('DELETE', `${PATH}/${id}`)).status).toBe(204);
    expect((await ada.ask('DELETE', `${PATH}/${id}`)).status).toBe(404);
    expect((await ada.ask('GET', `${PATH}/${id}`)).status).toBe(404);
  });

  test('shows what its answers cost, as it was charged', async () => {
    const id = await begin(ada);
    const call = { ...settlement(randomUUID(), ada.id, 700), requestId: `request-${randomUUID()}` };
    const held = { holdId: call.holdId, userId: ada.id, minMicro: 1, maxMicro: 900 };
    await core.internal('/credits/reserve', { items: [held] });
    await core.internal('/credits/settle', { items: [call] });
    const { requestId } = call;
    await wrote(ada, id, null, null, user('a'), assistant('b', { requestId }));
    const receipt = { promptTokens: 1, completionTokens: 2, creditsMicro: 700 };
    expect((await read(ada, id)).messages.map((message) => message.receipt)).toEqual([null, receipt]);

    const bob = await core.person();
    const his = await begin(bob);
    await wrote(bob, his, null, null, assistant('not his', { requestId }));
    expect((await read(bob, his)).messages[0]?.receipt).toBeNull();
  });
});

describe('the list', () => {
  test('is by last change, page by page, and searched by title without wildcards', async () => {
    const eve = await core.person();
    const titles = ['Plans 100%', 'plants', 'ภาษาไทย', 'Other'];
    const ids: string[] = [];
    for (const title of titles) ids.push(await begin(eve, title));
    await wrote(eve, ids[0] ?? '', null, null, user('newest'));
    const page = async (query: string) => listed.parse((await eve.ask('GET', `${PATH}?${query}`)).body);
    const first = await page('limit=3');
    const rest = await page(`limit=3&cursor=${first.nextCursor}`);
    expect([...first.items, ...rest.items].map(({ title }) => title)).toEqual([
      ...['Plans 100%', 'Other', 'ภาษาไทย', 'plants'],
    ]);
    expect(rest.nextCursor).toBeNull();
    const found = async (search: string) =>
      (await page(new URLSearchParams({ search }).toString())).items.map(({ title }) => title);
    expect(await found('PLAN')).toEqual(['Plans 100%', 'plants']);
    expect(await found('%')).toEqual(['Plans 100%']);
    expect(await found('ไทย')).toEqual(['ภาษาไทย']);
    expect(await found('_')).toEqual([]);
  });

  test('ends at a thousand, however many are begun at once', async () => {
    const many = await core.person();
    await core.sql(
      `INSERT INTO core.conversations (user_id, title, model) SELECT $1, 't', 'm' FROM generate_series(1, 998)`,
      [many.id],
    );
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => many.ask('POST', PATH, { title: 't', model: 'm' })),
    );
    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 201, 409, 409, 409, 409]);
    expect(answers.find(({ status }) => status === 409)?.body['code']).toBe('too-many-conversations');
  });
});

describe('nobody else', () => {
  test.each([
    ['a superadmin', ['superadmin']],
    ['another person', []],
  ])('reads, changes or finds it: not %s', async (_, roles) => {
    const id = await begin(ada, 'Secret plans');
    const other = await core.person(roles);
    const body = { after: null, seen: null, messages: [user('x')] };
    const answers = [
      await other.ask('GET', `${PATH}/${id}`),
      await other.ask('POST', `${PATH}/${id}/messages`, body),
      await other.ask('PATCH', `${PATH}/${id}`, { title: 'x' }),
      await other.ask('DELETE', `${PATH}/${id}`),
    ];
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 404]);
    expect(listed.parse((await other.ask('GET', PATH)).body).items).toEqual([]);
  });

  test('reads it by a key of its person, or without the permission', async () => {
    const keyed = await core.person([], { keyId: randomUUID() });
    const guest = await core.person([], { grants: { 'usage:read': 'own' } });
    for (const one of [keyed, guest]) {
      expect((await one.ask('GET', PATH)).body['code']).toBe('forbidden');
      expect((await one.ask('POST', PATH, { title: 't', model: 'm' })).body['code']).toBe('forbidden');
      expect((await one.ask('GET', `${PATH}/export`)).body['code']).toBe('forbidden');
    }
  });
});

describe('what is over', () => {
  const countOf = async (person: Person) =>
    z.array(z.object({ n: z.number() })).parse(
      await core.sql(
        `SELECT count(*)::int AS n FROM core.conversations c JOIN core.conversation_messages ON conversation_id = c.id
         WHERE user_id = $1`,
        [person.id],
      ),
    )[0]?.n;

  test('goes with its person, and with nobody else', async () => {
    const [gone, here] = [await core.person(), await core.person()];
    for (const one of [gone, here]) await wrote(one, await begin(one), null, null, user('x'));
    expect((await core.internal('/people/forget', { userIds: [gone.id] })).status).toBe(204);
    expect([await countOf(gone), await countOf(here)]).toEqual([0, 1]);
  });

  test('goes so many days after its last message', async () => {
    const person = await core.person();
    const [old, young] = [await begin(person, 'old'), await begin(person, 'young')];
    const age = (id: string, days: number) =>
      core.sql(`UPDATE core.conversations SET updated_at = now() - make_interval(secs => $2) WHERE id = $1`, [
        id,
        days * 86_400,
      ]);
    await age(old, 30.01);
    await age(young, 29.99);
    const database = openDatabase({ url: core.coreUrl, poolMax: 1 });
    await forgetConversationsJob({ database }, 30).run({});
    await database.close();
    const left = listed.parse((await person.ask('GET', PATH)).body).items;
    expect(left.map(({ title }) => title)).toEqual(['young']);
  });
});

test('the export has every message of its person, and no formula', async () => {
  const person = await core.person();
  const id = await begin(person, 'A, "B"');
  await wrote(person, id, null, null, user('=1+1'), assistant('two\nlines'));
  const headers = { authorization: `Bearer ${person.token}` };
  const answer = await core.app.inject({ url: `${PATH}/export`, headers });
  expect(answer.headers['content-type']).toBe('text/csv; charset=utf-8');
  expect(answer.payload).toContain(
    'conversation,title,system,createdAt,role,model,state,requestId,content\r\n',
  );
  expect(answer.payload).toContain(`${id},"A, ""B""",`);
  expect(answer.payload).toContain(",user,,complete,,'=1+1\r\n");
  expect(answer.payload).toContain('"two\nlines"\r\n');
});
