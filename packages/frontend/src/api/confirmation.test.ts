import { describe, expect, it } from 'vitest';
import { fakeServer, json, problem, type Answer } from '../testing/fake-server.ts';
import { sampleSession } from '../testing/samples.ts';
import { createHub } from './hub.ts';

const PATH = '/api/v1/auth/totp';
const SECRET = { secret: 'ABC', uri: 'otpauth://totp/a' };

/** A hub that wants a proof until `prove` is called. */
function guardedHub(routes: Record<string, Answer> = {}) {
  let proven = false;
  const server = fakeServer({
    [`POST ${PATH}`]: () => (proven ? json(SECRET, 201) : problem(403, 'step-up-required')),
    ...routes,
  });
  const hub = createHub({ fetch: server.fetch, lock: (task) => task() });
  hub.session.adopt(sampleSession('first'));
  return { hub, server, prove: () => (proven = true) };
}

/** Resolves once the question is asked. */
const asked = (hub: ReturnType<typeof createHub>) =>
  new Promise<void>((resolve) => {
    const stop = hub.confirmation.subscribe(() => {
      if (!hub.confirmation.isAsked()) return;
      stop();
      resolve();
    });
  });

describe('a call that needs a fresh proof', () => {
  it('is repeated once it was given', async () => {
    const { hub, server, prove } = guardedHub();
    const question = asked(hub);
    const started = hub.secondFactor.startTotp();
    await question;
    prove();
    hub.confirmation.answer(true);
    expect(await started).toEqual(SECRET);
    expect(server.count(PATH)).toBe(2);
    expect(hub.confirmation.isAsked()).toBe(false);
  });

  it('fails when the person would rather not', async () => {
    const { hub, server } = guardedHub();
    const question = asked(hub);
    const started = hub.secondFactor.startTotp();
    await question;
    hub.confirmation.answer(false);
    await expect(started).rejects.toMatchObject({ code: 'step-up-required' });
    expect(server.count(PATH)).toBe(1);
  });

  it('asks once for all that wait, and again for the next', async () => {
    const { hub, server, prove } = guardedHub({
      'POST /api/v1/auth/passkeys/options': () => problem(403, 'step-up-required'),
    });
    const both = Promise.allSettled([hub.secondFactor.startTotp(), hub.passkeys.passkeyOptions()]);
    await expect.poll(() => server.seen.length).toBe(2);
    prove();
    hub.confirmation.answer(true);
    expect((await both).map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    expect(hub.confirmation.isAsked()).toBe(false);
    const question = asked(hub);
    const next = hub.passkeys.passkeyOptions();
    await question;
    hub.confirmation.answer(false);
    await expect(next).rejects.toMatchObject({ code: 'step-up-required' });
  });

  it('other refusals ask nothing', async () => {
    const { hub } = guardedHub({ [`DELETE ${PATH}`]: () => problem(404, 'not-found') });
    await expect(hub.secondFactor.endTotp()).rejects.toMatchObject({ code: 'not-found' });
    expect(hub.confirmation.isAsked()).toBe(false);
  });
});
